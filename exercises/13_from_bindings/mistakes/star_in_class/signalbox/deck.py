"""What the deck lists."""


class _Locker:
    from signalbox.flags import *


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(vars(_Locker))
