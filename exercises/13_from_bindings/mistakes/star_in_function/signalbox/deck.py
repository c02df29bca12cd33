"""What the deck lists."""


def names():
    """The names of the flags in the locker, sorted."""
    from signalbox.flags import *
    return sorted(locals())
