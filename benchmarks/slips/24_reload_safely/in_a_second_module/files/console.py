"""What the watch has at hand."""

from pathlib import Path

import rules
from types import ModuleType


def check(speed):
    return rules.check(speed)


def special(name):
    return name[:2] == "__" and name[-2:] == "__"


def compiled(module):
    text = Path(module.__file__).read_text(encoding="utf-8")
    return compile(text, module.__file__, "exec", dont_inherit=True)


def refresh(module):
    space = module.__dict__
    trial = ModuleType(module.__name__)
    trial.__dict__.update((name, value) for name, value in space.items() if special(name))
    try:
        exec(compiled(module), trial.__dict__)
        for name in getattr(trial, "STATE", ()):
            if name in space:
                setattr(trial, name, space[name])
    except Exception:
        return False
    for name in [name for name in space if not special(name)]:
        del space[name]
    space.update(trial.__dict__)
    return True
