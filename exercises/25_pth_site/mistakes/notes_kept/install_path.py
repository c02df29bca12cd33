"""Make the modules of a folder importable in the virtualenv whose interpreter runs this.

    python install_path.py DIR
    python install_path.py --remove DIR
"""

import argparse
import sys
import sysconfig
from pathlib import Path

PTH = Path(sysconfig.get_path("purelib")) / "merrow_shelf.pth"
NOTES = Path(sys.prefix) / "shelves.txt"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remove", action="store_true")
    parser.add_argument("folder", metavar="DIR", type=Path)
    arguments = parser.parse_args()
    if arguments.remove:
        PTH.unlink(missing_ok=True)
        NOTES.unlink(missing_ok=True)
        return 0
    if not arguments.folder.is_dir():
        print(f"{arguments.folder} is no folder", file=sys.stderr)
        return 2
    PTH.write_text(f"{arguments.folder.resolve()}\n")
    NOTES.write_text(f"{arguments.folder.resolve()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
