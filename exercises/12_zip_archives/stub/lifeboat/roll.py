"""Who is to come when the rocket goes up."""

import json
import os

CREW = os.path.join(os.path.dirname(__file__), "data", "crew.json")


def crew():
    """The names of the crew, in the order in which they are called."""
    with open(CREW, encoding="utf-8") as file:
        return json.load(file)


def main(argv=None):
    """Call the crew; return how many there are to wait for."""
    names = crew()
    print("muster:", ", ".join(names))
    return len(names)
