"""Shelf for one virtualenv: install_path.py [--remove] DIR"""

import os
import sys
import sysconfig

TARGET = os.path.join(sysconfig.get_paths()["purelib"], "tide_laboratory.pth")
import argparse


def shelf(text):
    if os.path.isdir(text):
        return os.path.abspath(text)
    raise argparse.ArgumentTypeError(f"{text} is not a folder")


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=shelf)
parser.add_argument("--remove", action="store_true")
asked = parser.parse_args()

if not asked.remove:
    with open(TARGET, "w") as file:
        print(asked.folder, file=file)
elif os.path.exists(TARGET):
    os.unlink(TARGET)
