"""Find the files in a folder that hide modules of the standard library.

    python doctor.py DIR
"""

import json
import sys
from importlib.machinery import all_suffixes
from pathlib import Path


def modules(folder):
    """The names of the modules and packages that lie directly in a folder."""
    for path in Path(folder).iterdir():
        if path.is_file() and path.name.endswith(tuple(all_suffixes())):
            yield path.stem
        elif path.is_dir() and any((path / f"__init__{suffix}").is_file() for suffix in all_suffixes()):
            yield path.name


def main(argv=None):
    """Print the hidden names as a JSON list; return the exit status."""
    (folder,) = sys.argv[1:] if argv is None else argv
    names = sorted(set(modules(folder)) & sys.stdlib_module_names - set(sys.builtin_module_names))
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
