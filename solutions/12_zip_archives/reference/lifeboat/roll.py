"""Who is to come when the rocket goes up."""

import json
from importlib import resources


def crew():
    """The names of the crew, in the order in which they are called."""
    return json.loads(resources.files("lifeboat").joinpath("data", "crew.json").read_text(encoding="utf-8"))


def main():
    """Call the crew; return how many there are to wait for."""
    names = crew()
    print("muster:", ", ".join(names))
    return len(names)
