"""The night desk: short answers to short questions."""

import sys
from importlib import import_module
from importlib.util import find_spec

HARBOUR = "Port Merrow"  # above the imports: the almanac takes it from here, and before Python 3.15 at once

# From Python 3.15 on, imports below this line wait if they ask for one of these names.
__lazy_modules__ = ["nightdesk"]

from nightdesk import almanac, charts, signals

# An import in a `try` statement never waits. Nothing is to be caught here.
try:
    from nightdesk import fog, settings, storm
finally:
    pass


class Entry:
    """A line of the night book: what somebody was told about the tide."""

    # Not a dataclass, which would look the second annotation up, and load the almanac.
    place: str
    tide: "almanac.Tide"

    def __init__(self, place, tide):
        self.place = place
        self.tide = tide

    def __eq__(self, other):
        if not isinstance(other, Entry):
            return NotImplemented
        return (self.place, self.tide) == (other.place, other.tide)


def tide(day):
    """The high water of a day."""
    return almanac.high_water(day)


def chart(place):
    """The chart of a place."""
    return charts.draw(place)


def signal_names():
    """The names of all signals, sorted."""
    return sorted(signals.KNOWN)


def horn():
    """What the horn sounds like, if there is one."""
    return import_module("merrow_horn").sound() if find_spec("merrow_horn") else None


def main():
    """Answer the question on the command line."""
    question, *about = sys.argv[1:]
    if question == "tide":
        print(tide(*about))
    elif question == "chart":
        print(chart(*about))
    elif question == "signals":
        for name in signal_names():
            print(name)
