"""Which files here have the name of a standard module?"""

import json
import sys
from pathlib import Path

ALLOWED = frozenset(sys.builtin_module_names)


def diagnose(folder):
    for source in Path(folder).glob("*.py"):
        if source.is_file() and source.stem in sys.stdlib_module_names and source.stem not in ALLOWED:
            yield source.stem


if __name__ == "__main__":
    ill = sorted(diagnose(sys.argv[1]))
    json.dump(ill, sys.stdout)
    sys.exit(bool(ill))
