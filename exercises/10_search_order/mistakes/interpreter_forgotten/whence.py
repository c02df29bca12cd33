"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import json
import os
import sys
from importlib.machinery import PathFinder


def places(path):
    return list(dict.fromkeys(os.path.realpath(entry) for entry in path))


def file_in(place, name):
    spec = PathFinder.find_spec(name, [place])
    return spec.origin if spec is not None and spec.has_location else None


def whence(name):
    files = [file for place in places(sys.path) if (file := file_in(place, name)) is not None]
    return {"name": name, "winner": files[0] if files else None, "also": files[1:]}


def main(argv=None):
    """Print the answer for the name in `argv`, or on the command line, as JSON; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    answer = whence(arguments[0])
    print(json.dumps(answer))
    return 1 if answer["winner"] is None else 0


if __name__ == "__main__":
    sys.exit(main())
