"""Who is to come when the rocket goes up."""

import json
import os


def crew():
    """The names of the crew."""
    path = os.path.join(os.path.dirname(__file__), "data", "crew.json")
    # Whoever loaded this module knows how to read what lies beside it.
    return json.loads(__spec__.loader.get_data(path).decode("utf-8"))


class Muster:
    """A call to the boat."""

    def __init__(self, names):
        self.names = tuple(names)

    def __str__(self):
        return "muster: " + ", ".join(self.names)


def main():
    """Call the crew; return how many there are to wait for."""
    muster = Muster(crew())
    print(muster)
    return len(muster.names)
