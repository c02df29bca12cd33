"""What the deck lists."""


def names():
    """The names of the flags in the locker, sorted."""
    from signalbox import flags

    listed = getattr(flags, "__all__", None)
    if listed is None:
        listed = [name for name in vars(flags) if not name.startswith("_")]
    return sorted(listed)
