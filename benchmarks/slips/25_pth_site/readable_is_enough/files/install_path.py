"""Shelf for one virtualenv: install_path.py [--remove] DIR"""

import os
import sys
import sysconfig

TARGET = os.path.join(sysconfig.get_paths()["purelib"], "tide_laboratory.pth")

*option, folder = sys.argv[1:]
if option == ["--remove"]:
    if os.path.exists(TARGET):
        os.unlink(TARGET)
elif os.access(folder, os.R_OK):
    with open(TARGET, "w") as file:
        file.write(os.path.abspath(folder) + "\n")
else:
    print("nothing there:", folder, file=sys.stderr)
    sys.exit(2)
