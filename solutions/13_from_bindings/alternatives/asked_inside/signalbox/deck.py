"""What the deck lists."""


def names():
    """The names of the flags in the locker, sorted."""
    from signalbox import flags

    return sorted(getattr(flags, "__all__"))
