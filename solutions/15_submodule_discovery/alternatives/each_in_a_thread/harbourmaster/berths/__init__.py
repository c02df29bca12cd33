"""The berths of Port Merrow. All drivers are called at once, each by a thread of its own."""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pkgutil import iter_modules


class NoDriverError(KeyError, ValueError):
    """Nobody answers to this name."""


class _Faults(dict):
    """What went wrong, by name."""


failed = _Faults()


def available():
    return sorted({found[1] for found in iter_modules(sys.modules[__name__].__path__) if not found[1][0] == "_"})


def load(name):
    if name not in available():
        raise NoDriverError(name)
    import_module(f"{__name__}.{name}")
    return sys.modules[f"{__name__}.{name}"]


def load_all():
    globals()["failed"] = _Faults()
    with ThreadPoolExecutor() as threads:
        calls = {name: threads.submit(load, name) for name in available()}
    failed.update((name, call.exception()) for name, call in calls.items() if call.exception())
    return {name: call.result() for name, call in calls.items() if name not in failed}
