"""The night desk: short answers to short questions."""

lazy import sys
lazy from dataclasses import dataclass

lazy import merrow_horn

lazy from nightdesk import almanac, charts, fog, settings, signals, storm

HARBOUR = "Port Merrow"


@dataclass
class Entry:
    """A line of the night book: what somebody was told about the tide."""

    place: str
    tide: almanac.Tide


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
    return merrow_horn.sound()


def main():
    """Answer the question on the command line."""
    answers = {"tide": tide, "chart": chart, "signals": lambda: "\n".join(signal_names())}
    question, *about = sys.argv[1:]
    print(answers[question](*about))
