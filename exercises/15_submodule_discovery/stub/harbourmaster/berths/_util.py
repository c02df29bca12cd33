"""What several drivers need. No driver itself."""


def hail(berth, ship):
    """What is called over the water."""
    return f"{ship}, this is {berth}."
