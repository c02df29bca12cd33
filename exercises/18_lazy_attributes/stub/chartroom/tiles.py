"""The tiles that charts are made of. The whole coast is unpacked when this is loaded, which takes a while."""

COLUMNS = 12

print("tiles: unpacking the coast")


def tile(row, column):
    """The number of the tile in that row and column."""
    return row * COLUMNS + column
