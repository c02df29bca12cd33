"""The deck's list of flags."""

from signalbox.flags import *


def names():
    return sorted(name for name in globals() if name != "names" and not name.startswith("__"))
