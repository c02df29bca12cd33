"""The night desk: short answers to short questions."""

import sys
from collections import namedtuple
from importlib.util import LazyLoader, find_spec, module_from_spec

HARBOUR = "Port Merrow"


def _later(name):
    """A module whose file is run when somebody asks for an attribute of it, on every Python."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _now():
    from nightdesk import fog, settings, storm


almanac, charts = _later("nightdesk.almanac"), _later("nightdesk.charts")
_now()


class Entry(namedtuple("Entry", ["place", "tide"])):
    """A line of the night book: what somebody was told about the tide."""

    __slots__ = ()
    __annotations__ = {"place": str, "tide": "almanac.Tide"}


def tide(day):
    """The high water of a day."""
    return almanac.high_water(day)


def chart(place):
    """The chart of a place."""
    return charts.draw(place)


def signal_names():
    """The names of all signals, sorted."""
    from nightdesk.signals import KNOWN

    return sorted(KNOWN)


def horn():
    """What the horn sounds like, if there is one."""
    try:
        from merrow_horn import sound
    except ImportError:
        return None
    return sound()


QUESTIONS = {"tide": tide, "chart": chart, "signals": lambda: "\n".join(signal_names())}


def main():
    """Answer the question on the command line."""
    print(QUESTIONS[sys.argv[1]](*sys.argv[2:]))
