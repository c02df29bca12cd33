"""Night desk."""

import importlib
import sys

HARBOUR = "Port Merrow"

__lazy_modules__ = {"nightdesk.charts", "nightdesk.almanac"}

import nightdesk.charts as charts
import nightdesk.almanac as almanac
import nightdesk.signals as signals


def _run(name):
    try:
        importlib.import_module("nightdesk." + name)
    except ValueError:
        sys.excepthook(*sys.exc_info())


_run("storm")
_run("fog")
_run("settings")


class Entry:
    place: str
    tide: "almanac.Tide"

    def __init__(self, place, tide):
        self.place, self.tide = place, tide

    def __eq__(self, other):
        if not isinstance(other, Entry):
            return NotImplemented
        return (self.place, self.tide) == (other.place, other.tide)


def tide(day):
    return almanac.high_water(day)


def chart(place):
    return charts.draw(place)


def signal_names():
    names = list(signals.KNOWN)
    names.sort()
    return names


def horn():
    try:
        module = importlib.import_module("merrow_horn")
    except ModuleNotFoundError:
        return None
    return module.sound()


def main():
    question = sys.argv[1]
    if question == "signals":
        print("\n".join(signal_names()))
    elif question == "tide":
        print(tide(sys.argv[2]))
    else:
        print(chart(sys.argv[2]))
