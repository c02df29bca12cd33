"""Find the files in a folder that hide modules of the standard library."""

import json
import os
import sys


def main():
    first_words = {entry.partition(".")[0] for entry in os.listdir(sys.argv[1])}
    names = sorted(first_words & sys.stdlib_module_names - set(sys.builtin_module_names))
    print(json.dumps(names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
