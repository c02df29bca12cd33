"""The watch program: load rosters by their path, and ask them who is on duty."""

import functools
import importlib.util
import inspect
import os


def load(path):
    """The roster in the file at `path`, as a module; each file is run once."""
    return _load(os.path.realpath(path))


@functools.cache  # which keeps what is returned, and nothing if something is raised
def _load(file):
    name = os.path.splitext(os.path.basename(file))[0]
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def public_names(module):
    """The sorted names that a module offers to others."""
    try:
        return sorted(module.__all__)
    except AttributeError:
        members = inspect.getmembers(module, lambda value: not inspect.ismodule(value))
        return [name for name, _ in members if not name.startswith("_")]


def on_duty(modules, hour):
    """The wardens on duty at that hour, one for each module."""
    return list(map(lambda module: module.who(hour), modules))
