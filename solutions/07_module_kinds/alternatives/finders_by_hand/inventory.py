"""Say of modules what kind of thing Python would load.

    python -m inventory json sys
"""

import importlib
import json
import sys
from pathlib import PurePath


def spec_of(name):
    """What the finders say of a name, whether it was imported or not; None if they all know nothing."""
    parent, _, _ = name.rpartition(".")
    places = None
    if parent:
        above = spec_of(parent)
        if above is None or above.submodule_search_locations is None:
            return None
        places = importlib.import_module(parent).__path__
    specs = (finder.find_spec(name, places) for finder in sys.meta_path)
    return next((spec for spec in specs if spec is not None), None)


def kind(name):
    """What Python would load for `import name`, in one word."""
    spec = spec_of(name)
    if spec is None:
        return "missing"
    match spec.origin, spec.submodule_search_locations:
        case None, _:
            return "namespace"
        case "built-in", None:
            return "builtin"
        case "frozen", None:
            return "frozen"
        case file, None:
            return {".py": "source", ".pyc": "bytecode"}.get(PurePath(file).suffix, "extension")
    return "package"


if __name__ == "__main__":
    print(json.dumps(dict(zip(sys.argv[1:], map(kind, sys.argv[1:])))))
