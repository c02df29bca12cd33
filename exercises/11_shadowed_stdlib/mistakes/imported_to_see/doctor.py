"""Find the files in a folder that hide modules of the standard library."""

import json
import os
import sys
from importlib import import_module


def hidden(folder):
    candidates = {entry.partition(".")[0] for entry in os.listdir(folder)} & sys.stdlib_module_names
    for name in sorted(candidates.difference(sys.builtin_module_names)):
        sys.modules.pop(name, None)
        sys.path.insert(0, folder)
        file = getattr(import_module(name), "__file__", None) or ""
        del sys.path[0]
        if file.startswith(folder):
            yield name


def main():
    names = list(hidden(sys.argv[1]))
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
