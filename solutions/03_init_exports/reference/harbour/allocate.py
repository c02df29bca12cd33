"""Give a ship a place to lie."""


def allocate(draught, berths):
    """The first of the berths that takes a ship of that draught, in metres; None if none does."""
    for berth in berths:
        if berth.takes(draught):
            return berth
    return None
