"""The watch program: load rosters by their path, and ask them who is on duty."""

import importlib
import sys
import types
from pathlib import Path


def load(path):
    """The roster in the file at `path`, as a module; each file is run once."""
    file = Path(path).resolve()
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    return importlib.import_module(file.stem)


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
