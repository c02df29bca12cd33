"""The console of the watch: importlib reloads, the console looks after what reload leaves undone."""

import importlib
import importlib.util
import logging
from pathlib import Path

import rules

log = logging.getLogger(__name__)


def check(speed):
    return rules.check(speed)


def refresh(module):
    saved = vars(module).copy()
    for name in saved:
        if not (name.startswith("__") and name.endswith("__")):
            delattr(module, name)
    try:
        # Bytecode of the same second and size would be believed.
        Path(importlib.util.cache_from_source(module.__file__)).unlink(missing_ok=True)
        importlib.reload(module)
        state = {name: saved[name] for name in getattr(module, "STATE", []) if name in saved}
    except Exception:
        log.exception("%s was not taken", module.__file__)
        vars(module).clear()
        vars(module).update(saved)
        return False
    vars(module).update(state)
    return True
