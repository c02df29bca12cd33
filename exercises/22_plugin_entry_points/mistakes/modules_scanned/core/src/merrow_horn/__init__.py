"""The horn of Port Merrow, which plays the sounds of many suppliers."""

import pkgutil
from importlib.metadata import EntryPoint

PREFIX = "merrow_"


def sounds():
    """The sounds that are installed, by name; none of them is loaded."""
    modules = [module.name for module in pkgutil.iter_modules() if module.name.startswith(PREFIX)]
    return {
        name.removeprefix(PREFIX): EntryPoint(name, f"{name}:blow", "merrow_horn.sounds")
        for name in modules
        if name != __name__
    }
