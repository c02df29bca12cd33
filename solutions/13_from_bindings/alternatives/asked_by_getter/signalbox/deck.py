"""What the deck lists."""


class _Box(dict):
    """What a star import fills."""


def names():
    exec("from .flags import *", {**globals()}, box := _Box())
    return sorted(box)
