"""Rosters, loaded by hand."""

import os
from types import ModuleType

known = {}


def _fresh(where):
    module = ModuleType(os.path.basename(where)[:-3])
    module.__file__ = where
    return module


def _run(module):
    with open(module.__file__, "rb") as source:
        code = compile(source.read(), module.__file__, "exec")
    exec(code, module.__dict__)


def load(path):
    where = os.path.abspath(path)
    module = known.get(where)
    if module is None:
        module = _fresh(where)
        _run(module)
        known[where] = module
    return module


def _plain(space):
    for name, value in space.items():
        if name[:1] != "_" and not isinstance(value, ModuleType):
            yield name


def public_names(module):
    space = vars(module)
    return sorted(space.get("__all__") or _plain(space))


def on_duty(modules, hour):
    wardens = []
    for module in modules:
        wardens.append(module.who(hour))
    return wardens
