"""The watch program: load rosters by their path, and ask them who is on duty."""

import types
from pathlib import Path

_LOADED = {}
"""The rosters so far, by their resolved paths. It is what `sys.modules` is to import, and nobody else's business."""


def load(path):
    """The roster in the file at `path`, as a module; each file is run once."""
    file = Path(path).resolve()
    if file not in _LOADED:
        module = types.ModuleType(file.stem)
        module.__file__ = str(file)
        exec(compile(file.read_text(), str(file), "exec"), vars(module))
        # Only now: if the code raised, there is no half-built module to forget.
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
