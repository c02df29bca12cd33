"""Make the modules of a folder importable in the virtualenv whose interpreter runs this.

    python install_path.py DIR
    python install_path.py --remove DIR
"""

import argparse
import sys
import sysconfig
from pathlib import Path

SITE = Path(sysconfig.get_path("purelib"))
START, MODULE = SITE / "merrow_shelf.start", SITE / "merrow_shelf_path.py"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--remove", action="store_true")
    parser.add_argument("folder", metavar="DIR", type=Path)
    arguments = parser.parse_args()
    if arguments.remove:
        START.unlink(missing_ok=True)
        MODULE.unlink(missing_ok=True)
        return 0
    if not arguments.folder.is_dir():
        print(f"{arguments.folder} is no folder", file=sys.stderr)
        return 2
    MODULE.write_text(f"import sys\n\n\ndef add():\n    sys.path.append({str(arguments.folder.resolve())!r})\n")
    START.write_text("merrow_shelf_path:add\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
