"""Put the lifeboat's program into one file: python build.py OUT."""

import io
import json
import sys
import zipfile
from pathlib import Path, PurePosixPath

PROJECT = Path(__file__).resolve().parent
SHEBANG = b"#!/usr/bin/env python3\n"


class Boat:
    """What is sent by radio."""

    def __init__(self):
        self.buffer = io.BytesIO()

    def stow(self, name, content):
        """Put a file into the boat."""
        with zipfile.ZipFile(self.buffer, "a") as archive:
            archive.writestr(zipfile.ZipInfo(str(name)), content)

    def bytes(self):
        """The whole file."""
        return SHEBANG + self.buffer.getvalue()


def main(argv=None):
    """Make the archive named on the command line; return the exit status."""
    (out,) = sys.argv[1:] if argv is None else argv
    boat = Boat()
    package = PROJECT / "lifeboat"
    prefix = str(package)
    for path in sorted(PROJECT.rglob("*")):
        if str(path).startswith(prefix) and path.is_file() and path.parent.name != "__pycache__" and path.suffix != ".pyc":
            boat.stow(PurePosixPath(path.relative_to(PROJECT)), path.read_bytes())
    names = json.loads((package / "data" / "crew.json").read_text(encoding="utf-8"))
    boat.stow("lifeboat/_names.py", f"NAMES = {json.dumps(names)}\n")
    boat.stow("__main__.py", "import runpy\nrunpy.run_module('lifeboat', run_name='__main__', alter_sys=True)\n")
    Path(out).write_bytes(boat.bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
