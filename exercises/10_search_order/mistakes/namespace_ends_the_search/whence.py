"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import json
import os
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder


def inside(name):
    if BuiltinImporter.find_spec(name) is not None:
        return "built-in"
    return "frozen" if FrozenImporter.find_spec(name) is not None else None


def places(path):
    return list(dict.fromkeys(os.path.realpath(entry) for entry in path))


def file_in(place, name):
    spec = PathFinder.find_spec(name, [place])
    return spec.origin if spec is not None and spec.has_location else None


def whence(name):
    files = []
    for place in places(sys.path):
        if os.path.isdir(os.path.join(place, name)) and file_in(place, name) is None:
            break
        if file_in(place, name) is not None:
            files.append(file_in(place, name))
    winner = inside(name)
    if winner is None and files:
        winner = files.pop(0)
    return {"name": name, "winner": winner, "also": files}


def main(argv=None):
    """Print the answer for the name in `argv`, or on the command line, as JSON; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    answer = whence(arguments[0])
    print(json.dumps(answer))
    return 1 if answer["winner"] is None else 0


if __name__ == "__main__":
    sys.exit(main())
