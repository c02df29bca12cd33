"""What the deck lists."""


def names():
    """The names of the flags in the locker, sorted."""
    before = set(globals())
    exec("from signalbox.flags import *", globals())
    return sorted(set(globals()) - before)
