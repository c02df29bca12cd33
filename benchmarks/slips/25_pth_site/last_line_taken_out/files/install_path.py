"""Shelf for one virtualenv: install_path.py [--remove] DIR"""

import os
import sys
import sysconfig

TARGET = os.path.join(sysconfig.get_paths()["purelib"], "tide_laboratory.pth")

*option, folder = sys.argv[1:]
path = os.path.abspath(folder)
old = []
if os.path.exists(TARGET):
    with open(TARGET) as file:
        old = file.read().splitlines()

if option:
    new = [line for line in old if line != path]
elif os.path.isdir(path):
    new = [path]
else:
    print("not a folder:", path, file=sys.stderr)
    sys.exit(2)

if new != old:
    with open(TARGET, "w") as file:
        file.writelines(line + "\n" for line in new)
