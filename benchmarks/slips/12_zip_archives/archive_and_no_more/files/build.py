"""One file for the radio: build.py OUT"""

import os
import sys
import zipfile

ROOT = os.path.dirname(os.path.abspath(__file__))
START = "import sys, lifeboat\nsys.exit(lifeboat.main())\n"


def pack(out):
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as box:
        box.writestr("__main__.py", START)
        for place, _, names in os.walk(os.path.join(ROOT, "lifeboat")):
            for name in names:
                if not name.endswith(".pyc"):
                    path = os.path.join(place, name)
                    box.write(path, os.path.relpath(path, ROOT))


pack(sys.argv[1])
