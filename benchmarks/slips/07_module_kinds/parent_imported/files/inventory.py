"""The auditor's list, answered."""

import json
import sys
from importlib import import_module, machinery, util


def kind(name):
    above, dot, _ = name.rpartition(".")
    if dot:
        try:
            parent = import_module(above)
        except ImportError:
            return "missing"
        if not hasattr(parent, "__path__"):
            return "missing"
    found = util.find_spec(name)
    if not found:
        return "missing"
    if found.submodule_search_locations is not None:
        return "package" if found.origin else "namespace"
    if not found.has_location:
        return "builtin" if found.origin == "built-in" else "frozen"
    for word, suffixes in (("extension", machinery.EXTENSION_SUFFIXES), ("bytecode", machinery.BYTECODE_SUFFIXES)):
        if found.origin.endswith(tuple(suffixes)):
            return word
    return "source"


def tell(names):
    answers = {}
    for name in names:
        answers[name] = kind(name)
    return json.dumps(answers)


if __name__ == "__main__":
    sys.stdout.write(tell(sys.argv[1:]) + "\n")
