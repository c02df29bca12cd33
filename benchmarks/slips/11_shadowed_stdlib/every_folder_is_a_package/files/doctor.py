"""Which files here have the name of a standard module?"""

import inspect
import json
import os
import sys


def diagnose(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name if entry.is_dir() else inspect.getmodulename(entry.name)


if __name__ == "__main__":
    harmful = sys.stdlib_module_names.difference(sys.builtin_module_names)
    ill = sorted(harmful.intersection(diagnose(sys.argv[1])))
    json.dump(ill, sys.stdout)
    sys.exit(bool(ill))
