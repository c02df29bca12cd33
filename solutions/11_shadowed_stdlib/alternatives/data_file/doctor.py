"""Find the files in a folder that hide modules of the standard library."""

import json
import pkgutil
import sys


def shadows(folder):
    for module in pkgutil.iter_modules([folder]):
        if module.name in sys.stdlib_module_names and module.name not in sys.builtin_module_names:
            yield module.name


def main():
    names = sorted(set(shadows(sys.argv[1])))
    print(json.dumps(names))
    if names:
        sys.exit(1)


main()
