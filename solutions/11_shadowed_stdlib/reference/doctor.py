"""Find the files in a folder that hide modules of the standard library.

    python doctor.py DIR
"""

import json
import sys
from importlib.machinery import PathFinder


def has_module(folder, name):
    """Whether an import that searched this folder alone would find code of that name."""
    spec = PathFinder.find_spec(name, [folder])
    return spec and spec.has_location  # a folder without __init__ has a spec, but no location


def hidden(folder):
    """The standard names that a program in the folder would get wrong, sorted."""
    names = sys.stdlib_module_names - set(sys.builtin_module_names)
    return sorted(name for name in names if has_module(folder, name))


def main():
    """Print the hidden names as a JSON list; return the exit status."""
    names = hidden(sys.argv[1])
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
