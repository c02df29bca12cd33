"""Tell which copy of a module this interpreter would take, and which ones that hides.

    python whence.py soundings
"""

import json
import os
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder


def inside(name):
    """What the interpreter itself has by that name: a kind of module, or None."""
    if BuiltinImporter.find_spec(name):
        return "built-in"
    if FrozenImporter.find_spec(name):
        return "frozen"
    return None


def file_in(place, name):
    """The file that an import of `name` would run if it searched this place only; None if there is none."""
    spec = PathFinder.find_spec(name, [place])
    # A folder without __init__ gives a spec, too. It has no loader, or none that loads a file.
    return spec.origin if spec and spec.has_location else None


def whence(name):
    """The answer, as a dictionary."""
    places = dict.fromkeys(map(os.path.abspath, sys.path))  # each once
    files = [file for place in places if (file := file_in(place, name))]
    winner = inside(name)
    if not winner and files:
        winner = files.pop(0)
    return {"name": name, "winner": winner, "also": files}


def main():
    """Print the answer for the name on the command line as JSON; return the exit status."""
    answer = whence(sys.argv[1])
    print(json.dumps(answer))
    return 0 if answer["winner"] else 1


if __name__ == "__main__":
    sys.exit(main())
