SIGNALS = {"ferry": "two long", "lifeboat": "three short", "pilot": "one long, one short"}


def signal(ship):
    """How the light greets that ship; KeyError if it doesn't."""
    return SIGNALS[ship]
