"""Find the files in a folder that hide modules of the standard library."""

import json
import sys
from importlib.machinery import all_suffixes
from pathlib import Path


def hidden(folder):
    for suffix in all_suffixes():
        for path in [*folder.glob(f"*{suffix}"), *folder.glob(f"*/__init__{suffix}")]:
            name = path.parent.name if path.name == f"__init__{suffix}" else path.name.removesuffix(suffix)
            if name in sys.stdlib_module_names and name not in sys.builtin_module_names:
                yield name


def main():
    names = sorted(hidden(Path(sys.argv[1])))
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
