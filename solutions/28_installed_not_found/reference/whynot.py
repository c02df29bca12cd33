"""Say what `PYTHON PROGRAM` gets from `import NAME`, and if it is nothing, why."""

import json
import os
import re
import site
import sys
from importlib.machinery import all_suffixes
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

ENDINGS = sorted(all_suffixes(), key=len, reverse=True)
NATIVE = ".pyd" if sys.platform == "win32" else ".so"


def module_name(file):
    """The module that a file of this name is; None if it is none."""
    for ending in ENDINGS:
        if file.endswith(ending):
            return file[: -len(ending)]
    return None


def modules_of(distribution):
    """The names of the modules that a distribution has installed."""
    names = set()
    for file in distribution.files or ():
        if len(file.parts) == 1:
            names.add(module_name(file.name))
        elif len(file.parts) == 2 and module_name(file.name) == "__init__":
            names.add(file.parts[0])
    return {name for name in names if name and name.isidentifier()}


def entries(folder):
    """What is in a folder; nothing if it is no folder."""
    return sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []


def extensions(folder, name):
    """Extension modules of that name, for whatever Python."""
    return [each for each in entries(folder) if each.name.startswith(f"{name}.") and each.name.endswith(NATIVE)]


def has(folder, name):
    """Whether a folder has the module in any form."""
    modules = [each for each in entries(folder) if each.is_file() and module_name(each.name) == name]
    inits = [each for each in entries(Path(folder, name)) if module_name(each.name) == "__init__"]
    return bool(modules or inits or extensions(folder, name))


def first_that_has(folders, name):
    """The first of these folders that has the module, as text."""
    return next((str(folder) for folder in folders if has(folder, name)), None)


def site_packages(environment):
    """All of an environment, whatever Python they are for."""
    return sorted(Path(environment).absolute().glob("lib/python3.*/site-packages"))


def normalized(name):
    """The name of a distribution, as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def answer(verdict, at=None, distribution=None, modules=()):
    """What is printed."""
    name = distribution and distribution.metadata["Name"]
    return {"verdict": verdict, "at": at, "distribution": name, "modules": sorted(modules)}


def found(name):
    """The answer if the module can be imported."""
    spec = find_spec(name)
    if spec is None or (spec.origin is None and spec.submodule_search_locations is not None):
        return None
    if not spec.has_location:
        return answer("found")
    at = os.path.abspath(spec.origin)
    for distribution in distributions():
        if any(os.path.abspath(file.locate()) == at for file in distribution.files or ()):
            return answer("found", at, distribution)
    for distribution in distributions():
        if name in modules_of(distribution):
            return answer("hidden", at, distribution)
    return answer("found", at)


def renamed(name):
    """The answer if it is the name of a distribution."""
    for distribution in distributions():
        modules = modules_of(distribution)
        if modules and normalized(distribution.metadata["Name"]) == normalized(name):
            return answer("renamed", None, distribution, modules)
    return None


def elsewhere(name):
    """The answer if it lies where this Python doesn't take it."""
    for place in sys.path:
        for file in extensions(place, name):
            return answer("other-build", os.path.abspath(file))
    user, active = site.getusersitepackages(), os.environ.get("VIRTUAL_ENV")
    if has(user, name):
        return answer("user-site", os.path.abspath(user))
    if active and os.path.realpath(active) != os.path.realpath(sys.prefix):
        at = first_that_has(site_packages(active), name)
        if at:
            return answer("other-environment", at)
    at = first_that_has(site_packages(sys.prefix), name)
    return answer("other-python", at) if at else answer("missing")


def main():
    """Print the answer; the exit status."""
    program, name = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(program))
    said = found(name) or renamed(name) or elsewhere(name)
    print(json.dumps(said, indent=2))
    return 0 if said["verdict"] == "found" else 1


if __name__ == "__main__":
    sys.exit(main())
