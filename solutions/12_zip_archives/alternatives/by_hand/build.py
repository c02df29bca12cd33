"""Put the lifeboat's program into one file: python build.py OUT."""

import sys
import zipfile
from pathlib import Path


def build(out):
    with open(out, "wb") as file:
        file.write(b"#!/usr/bin/env -S python3 -I\n")
        # A zip archive is read from its end, so whatever stands before it does no harm.
        with zipfile.ZipFile(file, "w") as archive:
            for path in Path("lifeboat").rglob("*"):
                if path.suffix in (".py", ".json"):
                    archive.write(path)
            archive.writestr("__main__.py", "from lifeboat import main\nraise SystemExit(main())\n")


build(sys.argv[1])
