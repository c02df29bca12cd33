"""The night desk: short answers to short questions."""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace

HARBOUR = "Port Merrow"  # above the imports: the almanac takes it from here, and before Python 3.15 at once

# From Python 3.15 on, imports below this line wait if they ask for one of these names.
__lazy_modules__ = ["nightdesk"]

from nightdesk import almanac, charts, signals

# An import in a `try` statement never waits. Nothing is to be caught here.
try:
    from nightdesk import fog, settings, storm
finally:
    pass


class Entry(SimpleNamespace):
    """A line of the night book: what somebody was told about the tide."""

    # Not a dataclass, which would look the second annotation up, and load the almanac.
    place: str
    tide: "almanac.Tide"

    def __init__(self, place, tide):
        super().__init__(place=place, tide=tide)


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
    answers = {"tide": tide, "chart": chart, "signals": lambda: "\n".join(signal_names())}
    question, *about = sys.argv[1:]
    print(answers[question](*about))
