"""Lights."""

import importlib.metadata

_about = importlib.metadata.distribution("merrow-quaylight")
__version__ = _about.version

SIGNALS = {"ferry": "two long", "lifeboat": "three short", "pilot": "one long, one short"}


def signal(ship):
    return SIGNALS[ship]
