"""Say of modules what kind of thing Python would load.

    python -m inventory json sys
"""

import importlib.util
import json
import sys
from importlib.machinery import BYTECODE_SUFFIXES, EXTENSION_SUFFIXES

_OF_THE_INTERPRETER = {"built-in": "builtin", "frozen": "frozen"}


def kind(name):
    """What Python would load for `import name`, in one word."""
    parent, _, _ = name.rpartition(".")
    if parent and kind(parent) not in ("namespace", "package"):  # find_spec would run it to learn that
        return "missing"
    spec = importlib.util.find_spec(name)
    if spec is None:
        return "missing"
    if spec.submodule_search_locations is not None:  # a frozen package may have an empty list of them
        return "namespace" if spec.origin is None else "package"
    if spec.origin in _OF_THE_INTERPRETER:
        return _OF_THE_INTERPRETER[spec.origin]
    if spec.origin.endswith(tuple(EXTENSION_SUFFIXES)):
        return "extension"
    if spec.origin.endswith(tuple(BYTECODE_SUFFIXES)):
        return "bytecode"
    return "source"


if __name__ == "__main__":
    print(json.dumps({name: kind(name) for name in sys.argv[1:]}))
