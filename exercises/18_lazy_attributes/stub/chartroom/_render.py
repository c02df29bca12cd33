"""The renderer. It reads all its fonts when it is loaded, which takes a while."""

SCALE = 20000

print("renderer: reading the fonts")


def draw(place):
    """The chart of a place."""
    return f"chart of {place}, 1 : {SCALE}"
