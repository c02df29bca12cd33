"""Tell which copy of a module this interpreter would take, and which ones that hides.

    python whence.py soundings
"""

import json
import os
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder


def inside(name):
    """What the interpreter itself has by that name: a kind of module, or None."""
    if BuiltinImporter.find_spec(name) is not None:
        return "built-in"
    if FrozenImporter.find_spec(name) is not None:
        return "frozen"
    return None


def places(path):
    """The entries of a search path as absolute paths, each once."""
    return list(dict.fromkeys(os.path.realpath(entry) for entry in path))[::-1]


def file_in(place, name):
    """The file that an import of `name` would run if it searched this place only; None if there is none."""
    spec = PathFinder.find_spec(name, [place])
    # A folder without __init__ gives a spec, too. It has no loader, or none that loads a file.
    return spec.origin if spec is not None and spec.has_location else None


def whence(name):
    """The answer, as a dictionary."""
    files = [file for place in places(sys.path) if (file := file_in(place, name)) is not None]
    winner = inside(name)
    if winner is None and files:
        winner = files.pop(0)
    return {"name": name, "winner": winner, "also": files}


def main(argv=None):
    """Print the answer for the name in `argv`, or on the command line, as JSON; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 1:
        print("usage: whence.py NAME", file=sys.stderr)
        return 2
    answer = whence(arguments[0])
    print(json.dumps(answer))
    return 1 if answer["winner"] is None else 0


if __name__ == "__main__":
    sys.exit(main())
