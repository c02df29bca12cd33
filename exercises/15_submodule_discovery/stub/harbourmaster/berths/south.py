"""The driver of the south berth, where nobody hears a hail."""

BERTH = "south"


def call(ship):
    """Call that ship."""
    return f"Two flags for the {ship}."
