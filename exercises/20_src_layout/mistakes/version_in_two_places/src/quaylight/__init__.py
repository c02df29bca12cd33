"""The lights on the quays of Port Merrow: what each of them says."""

__version__ = "2.1.0"

SIGNALS = {"ferry": "two long", "lifeboat": "three short", "pilot": "one long, one short"}


def signal(ship):
    """How the light greets that ship; KeyError if it doesn't."""
    return SIGNALS[ship]
