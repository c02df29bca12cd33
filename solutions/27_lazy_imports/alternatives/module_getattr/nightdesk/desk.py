"""The night desk: short answers to short questions."""

import importlib
import importlib.util
import sys

HARBOUR = "Port Merrow"
_this = sys.modules[__name__]


def __getattr__(name):
    """Python asks here for what this module lacks: the two heavy modules, and a class that needs one of them."""
    match name:
        case "almanac" | "charts":
            return importlib.import_module(f"nightdesk.{name}")
        case "Entry":
            return importlib.import_module("nightdesk.book").Entry
        case _:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def tide(day):
    """The high water of a day."""
    return _this.almanac.high_water(day)


def chart(place):
    """The chart of a place."""
    return _this.charts.draw(place)


def signal_names():
    """The names of all signals, sorted."""
    return sorted(importlib.import_module("nightdesk.signals").KNOWN)


def horn():
    """What the horn sounds like, if there is one."""
    if importlib.util.find_spec("merrow_horn") is None:
        return None
    return importlib.import_module("merrow_horn").sound()


def main():
    """Answer the question on the command line."""
    question, *about = sys.argv[1:]
    answer = getattr(_this, {"signals": "signal_names"}.get(question, question))(*about)
    print(*(answer if isinstance(answer, list) else [answer]), sep="\n")


for _name in ("settings", "fog", "storm"):
    __import__(f"nightdesk.{_name}")
