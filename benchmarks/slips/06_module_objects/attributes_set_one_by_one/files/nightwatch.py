"""Rosters, loaded by hand."""

import os
from types import ModuleType

known = {}


def load(path):
    where = os.path.abspath(path)
    if where not in known:
        space = {"__file__": where, "__name__": os.path.basename(where)[:-3]}
        with open(where, "rb") as source:
            exec(compile(source.read(), where, "exec"), space)
        module = ModuleType(space["__name__"])
        for name, value in space.items():
            setattr(module, name, value)
        known[where] = module
    return known[where]


def _offered(name, value):
    return not (name.startswith("_") or isinstance(value, ModuleType))


def public_names(module):
    space = module.__dict__
    if "__all__" in space:
        return sorted(space["__all__"])
    return sorted(name for name in space if _offered(name, space[name]))


def on_duty(modules, hour):
    wardens = []
    for module in modules:
        wardens.append(module.who(hour))
    return wardens
