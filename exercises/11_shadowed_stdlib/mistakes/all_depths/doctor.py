"""Find the files in a folder that hide modules of the standard library."""

import inspect
import json
import sys
from pathlib import Path


def main():
    found = set()
    for path in Path(sys.argv[1]).rglob("*"):
        name = inspect.getmodulename(path)
        found.add(path.parent.name if name == "__init__" else name)
    names = sorted(found & sys.stdlib_module_names - set(sys.builtin_module_names))
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
