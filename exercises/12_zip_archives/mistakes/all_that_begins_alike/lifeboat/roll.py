"""Who is to come when the rocket goes up."""

import json
from pathlib import Path

try:
    from ._names import NAMES  # written by build.py, in the archive only
except ImportError:
    NAMES = None


def crew():
    """The names of the crew, in the order in which they are called."""
    if NAMES is not None:
        return list(NAMES)
    path = Path(__file__).with_name("data") / "crew.json"
    return json.loads(path.read_bytes())


def main(argv=None):
    """Call the crew; return how many there are to wait for."""
    names = crew()
    print("muster:", ", ".join(names))
    return len(names)
