"""What the deck lists."""


def names():
    """The names of the flags in the locker, sorted."""
    space = {}
    exec("from signalbox.flags import *", space)
    del space["__builtins__"]  # exec's own
    return sorted(space)
