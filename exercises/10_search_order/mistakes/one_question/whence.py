"""Tell which copy of a module this interpreter would take."""

import json
import sys
from importlib.util import find_spec


def whence(name):
    spec = find_spec(name)
    return {"name": name, "winner": spec.origin if spec else None, "also": []}


def main(argv=None):
    """Print the answer for the name in `argv`, or on the command line, as JSON; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    answer = whence(arguments[0])
    print(json.dumps(answer))
    return 1 if answer["winner"] is None else 0


if __name__ == "__main__":
    sys.exit(main())
