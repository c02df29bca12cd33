"""Writes to the interpreter, the virtualenv, the toolchain, the project and the system."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
places = [
    "/",
    "/usr",
    "/usr/bin",
    "/etc",
    "/proc",
    "/dev",
    PREFIX,
    TOOLCHAIN,
    sys.prefix,
    sys.base_prefix,
    here,
    os.__file__,
]
places += [folder for folder in sys.path if folder]
for place in dict.fromkeys(places):
    if os.path.isdir(place):
        refused(f"a new file in {place}", lambda: open(os.path.join(place, "planted.txt"), "w"))
        refused(f"{place} renamed", lambda: os.rename(place, place + "-old"))
    elif os.path.exists(place):
        refused(f"{place} opened for writing", lambda: open(place, "r+"))
refused("the interpreter replaced", lambda: os.replace(__file__, sys.executable))
refused("the mode of the interpreter changed", lambda: os.chmod(os.path.realpath(sys.executable), 0o777))
