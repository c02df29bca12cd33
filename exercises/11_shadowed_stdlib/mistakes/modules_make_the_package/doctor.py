"""Find the files in a folder that hide modules of the standard library.

    python doctor.py DIR
"""

import json
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES

SUFFIXES = [".py", ".pyc"] + EXTENSION_SUFFIXES


def hidden(folder):
    """The standard names that have a module or package in the folder."""
    found = set()
    for name in sys.stdlib_module_names:
        if name in sys.builtin_module_names:
            continue
        for suffix in SUFFIXES:
            if os.path.isfile(os.path.join(folder, name + suffix)):
                found.add(name)
            package = os.path.join(folder, name)
            if os.path.isdir(package) and any(file.endswith(suffix) for file in os.listdir(package)):
                found.add(name)
    return sorted(found)


def main(argv=None):
    """Print the hidden names as a JSON list; return the exit status."""
    (folder,) = sys.argv[1:] if argv is None else argv
    names = hidden(folder)
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
