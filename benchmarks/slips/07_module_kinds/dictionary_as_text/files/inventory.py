"""The auditor's list, answered."""

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
    if found is None:
        return "missing"
    if found.submodule_search_locations is not None:
        return "namespace" if found.origin is None else "package"
    if found.origin == "built-in":
        return "builtin"
    if found.origin == "frozen":
        return "frozen"
    if found.origin.endswith(tuple(machinery.EXTENSION_SUFFIXES)):
        return "extension"
    if found.origin.endswith(".pyc"):
        return "bytecode"
    return "source"


if __name__ == "__main__":
    answers = {}
    for name in sys.argv[1:]:
        answers[name] = kind(name)
    sys.stdout.write(f"{answers}\n")
