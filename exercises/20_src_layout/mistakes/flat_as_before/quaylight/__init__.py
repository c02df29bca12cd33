"""The lights on the quays of Port Merrow: what each of them says."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("merrow-quaylight")
except PackageNotFoundError:  # used from its source, and not installed
    __version__ = "0+unknown"

SIGNALS = {"ferry": "two long", "lifeboat": "three short", "pilot": "one long, one short"}


def signal(ship):
    """How the light greets that ship; KeyError if it doesn't."""
    return SIGNALS[ship]
