"""The lights on the quays of Port Merrow: what each of them says."""

import re
from pathlib import Path

_ABOUT = Path(__file__).parents[2] / "pyproject.toml"
__version__ = re.search(r'^version = "(.+)"', _ABOUT.read_text(), re.MULTILINE)[1]

SIGNALS = {"ferry": "two long", "lifeboat": "three short", "pilot": "one long, one short"}


def signal(ship):
    """How the light greets that ship; KeyError if it doesn't."""
    return SIGNALS[ship]
