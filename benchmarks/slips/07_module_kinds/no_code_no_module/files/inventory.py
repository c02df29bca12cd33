"""The auditor's list, answered."""

import json
import sys
from importlib import machinery, util


def search(name):
    """What Python finds, or None; a parent that is no package isn't run."""
    above = name.rpartition(".")[0]
    if above:
        parent = search(above)
        if parent is None or parent.submodule_search_locations is None:
            return None
    return util.find_spec(name)


def kind(name):
    found = search(name)
    if found is None or found.origin is None:
        return "missing"
    if found.submodule_search_locations is not None:
        return "package"
    if found.origin == "built-in":
        return "builtin"
    if found.origin == "frozen":
        return "frozen"
    if found.origin.endswith(tuple(machinery.EXTENSION_SUFFIXES)):
        return "extension"
    return "bytecode" if found.origin.endswith(".pyc") else "source"


def tell(names):
    answers = {}
    for name in names:
        answers[name] = kind(name)
    return json.dumps(answers)


if __name__ == "__main__":
    sys.stdout.write(tell(sys.argv[1:]) + "\n")
