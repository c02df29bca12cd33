"""Shelf for one virtualenv: install_path.py [--remove] DIR"""

import os
import sys
import sysconfig

TARGET = os.path.join(sysconfig.get_paths()["purelib"], "tide_laboratory.pth")


def lines():
    if not os.path.exists(TARGET):
        return []
    with open(TARGET) as file:
        return file.read().splitlines()


def add(folder):
    if not os.path.isdir(folder):
        print("no such folder:", folder, file=sys.stderr)
        return 2
    wanted = lines() + [os.path.abspath(folder)]
    with open(TARGET, "w") as file:
        file.write("\n".join(wanted) + "\n")
    return 0


def remove(folder):
    if os.path.exists(TARGET):
        os.unlink(TARGET)
    return 0


words = sys.argv[1:]
sys.exit(remove(words[1]) if words[0] == "--remove" else add(words[0]))
