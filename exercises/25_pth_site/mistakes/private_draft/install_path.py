"""Make the modules of a folder importable in the virtualenv whose interpreter runs this.

    python install_path.py DIR
    python install_path.py --remove DIR
"""

import argparse
import os
import sys
import sysconfig
import tempfile
from pathlib import Path

PTH = Path(sysconfig.get_path("purelib")) / "merrow_shelf.pth"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remove", action="store_true")
    parser.add_argument("folder", metavar="DIR", type=Path)
    arguments = parser.parse_args()
    if arguments.remove:
        PTH.unlink(missing_ok=True)
        return 0
    if not arguments.folder.is_dir():
        print(f"{arguments.folder} is no folder", file=sys.stderr)
        return 2
    with tempfile.NamedTemporaryFile("w", dir=PTH.parent, delete=False) as draft:
        print(arguments.folder.resolve(), file=draft)
    os.replace(draft.name, PTH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
