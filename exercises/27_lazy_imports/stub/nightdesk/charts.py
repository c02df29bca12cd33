"""The chart room. It unpacks the whole coast when it is loaded, which takes a while."""

SCALE = 20000


def draw(place):
    """The chart of a place."""
    return f"chart of {place}, 1 : {SCALE}"
