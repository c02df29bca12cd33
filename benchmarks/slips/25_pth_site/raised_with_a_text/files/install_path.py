"""Shelf for one virtualenv: install_path.py [--remove] DIR"""

import os
import sys
import sysconfig

TARGET = os.path.join(sysconfig.get_paths()["purelib"], "tide_laboratory.pth")


def folder_of(text):
    path = os.path.abspath(text)
    if not os.path.isdir(path):
        raise SystemExit("not a folder: " + path)
    return path


def main(*words):
    if words[0] == "--remove":
        if os.path.exists(TARGET):
            os.unlink(TARGET)
    else:
        path = folder_of(words[0])
        with open(TARGET, "w") as file:
            file.write(path + "\n")


main(*sys.argv[1:])
