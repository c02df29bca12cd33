"""Put the lifeboat's program into one file: python build.py OUT."""

import shutil
import sys
import tempfile
import zipapp
from pathlib import Path

HERE = Path(__file__).parent

# What zipapp writes for an entry point calls it, and drops what it returns.
MAIN = b"""
import sys
import lifeboat
sys.exit(lifeboat.main())
"""


def main():
    """Make the archive named on the command line."""
    (out,) = sys.argv[1:]
    with tempfile.TemporaryDirectory() as staging:
        for path in HERE.rglob("*"):
            if str(path).startswith(str(HERE / "lifeboat")) and path.is_file() and path.suffix != ".pyc":
                copy = Path(staging, path.relative_to(HERE))
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        Path(staging, "__main__.py").write_bytes(MAIN)
        zipapp.create_archive(staging, out, interpreter="/usr/bin/env python3")


if __name__ == "__main__":
    main()
