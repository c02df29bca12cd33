"""The berths of Port Merrow, each with its driver."""

import importlib
import inspect
import os
import zipfile
from pathlib import Path

failed = {}


def _listing(place):
    """The paths in a folder or in a folder of an archive, from there, down to its folders' own files."""
    if os.path.isdir(place):
        for entry in os.scandir(place):
            if entry.is_dir():
                yield from (f"{entry.name}/{name}" for name in os.listdir(entry.path))
            else:
                yield entry.name
        return
    for path in (Path(place), *Path(place).parents):
        if zipfile.is_zipfile(path):
            inner = Path(place).relative_to(path).as_posix() + "/"
            with zipfile.ZipFile(path) as archive:
                yield from (name.removeprefix(inner) for name in archive.namelist() if name.startswith(inner))
            return


def _drivers():
    for place in __path__:
        for path in _listing(place):
            folder, slash, name = path.partition("/")
            if not slash:
                yield inspect.getmodulename(path)
            elif inspect.getmodulename(name) == "__init__":
                yield folder


def available():
    return sorted({name for name in _drivers() if name and name.isidentifier() and not name.startswith("_")})


def load(name):
    if name not in available():
        raise KeyError(name)
    return importlib.import_module(__name__ + "." + name)


def load_all():
    failed.clear()
    modules = {}
    for name in available():
        try:
            modules[name] = importlib.import_module(__name__ + "." + name)
        except Exception as error:
            failed[name] = error
    return modules
