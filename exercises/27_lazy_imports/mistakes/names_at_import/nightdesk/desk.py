"""The night desk: short answers to short questions."""

import sys
from importlib import import_module
from types import SimpleNamespace

HARBOUR = "Port Merrow"  # above the imports: the almanac takes it from here, and before Python 3.15 at once

# From Python 3.15 on, imports below this line wait if they ask for one of these names.
__lazy_modules__ = ["nightdesk.almanac", "nightdesk.charts"]

import nightdesk.almanac as almanac
import nightdesk.charts as charts

from nightdesk import signals

# These are imported for what they do when they are run, so they must never wait. A function's imports don't.
for _name in ("settings", "fog", "storm"):
    import_module(f"nightdesk.{_name}")


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


NAMES = sorted(signals.KNOWN)


def signal_names():
    """The names of all signals, sorted."""
    return NAMES


def horn():
    """What the horn sounds like, if there is one."""
    try:
        import merrow_horn
    except ModuleNotFoundError:
        return None
    return merrow_horn.sound()


def main():
    """Answer the question on the command line."""
    answers = {"tide": tide, "chart": chart, "signals": lambda: "\n".join(signal_names())}
    question, *about = sys.argv[1:]
    print(answers[question](*about))
