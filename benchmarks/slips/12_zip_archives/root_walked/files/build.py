"""One file for the radio: build.py OUT"""

import os
import sys
import zipfile

ROOT = os.path.dirname(os.path.abspath(__file__))
START = "import sys, lifeboat\nsys.exit(lifeboat.main())\n"


def pack(out):
    with open(out, "wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as box:
            box.writestr("__main__.py", START)
            for place, folders, names in os.walk(ROOT):
                folders[:] = [folder for folder in folders if folder != "__pycache__"]
                for name in names:
                    path = os.path.join(place, name)
                    if not os.path.samefile(path, out):
                        box.write(path, os.path.relpath(path, ROOT))


pack(sys.argv[1])
