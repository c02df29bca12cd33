"""What the deck lists."""

def names():
    """The names of the flags in the locker, sorted."""
    return ["ALPHA", "BRAVO", "_MAYDAY"]
