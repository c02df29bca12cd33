"""The night desk: short answers to short questions."""

from __future__ import annotations

import sys

HARBOUR = "Port Merrow"


class _Everything:
    """Contains every name: of all imports below that look at it, each may wait."""

    def __contains__(self, name):
        return True


class _Eager:
    """In a class body nothing waits."""

    from nightdesk import fog, settings, storm
    from nightdesk.signals import KNOWN


__lazy_modules__ = _Everything()

from nightdesk import almanac, charts  # noqa: E402


class Entry:
    """A line of the night book: what somebody was told about the tide."""

    place: str
    tide: almanac.Tide

    def __init__(self, place, tide):
        vars(self).update(place=place, tide=tide)

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)


def tide(day):
    """The high water of a day."""
    return almanac.high_water(day)


def chart(place):
    """The chart of a place."""
    return charts.draw(place)


def signal_names():
    """The names of all signals, sorted."""
    return sorted(_Eager.KNOWN)


def horn():
    """What the horn sounds like, if there is one."""
    try:
        import merrow_horn
    except ModuleNotFoundError:
        return None
    return merrow_horn.sound()


def main():
    """Answer the question on the command line."""
    match sys.argv[1:]:
        case ["signals"]:
            print(*signal_names(), sep="\n")
        case ["chart", place]:
            print(chart(place))
        case ["tide", day]:
            print(tide(day))
