"""The watch program: load rosters by their path, and ask them who is on duty."""

import importlib.util
import sys
import types
from pathlib import Path

_LOADED = {}
"""The rosters so far, by their resolved paths."""


def load(path):
    """The roster in the file at `path`, as a module; each file is run once."""
    file = Path(path).resolve()
    if file not in _LOADED:
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[file.stem] = module
        spec.loader.exec_module(module)
        _LOADED[file] = module
    return _LOADED[file]


def public_names(module):
    """The sorted names that a module offers to others."""
    if hasattr(module, "__all__"):
        return sorted(module.__all__)
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    )


def on_duty(modules, hour):
    """The wardens on duty at that hour, one for each module."""
    return [module.who(hour) for module in modules]
