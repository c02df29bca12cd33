"""How deep is it, and what does the page say?"""

from . import calendar, soundings

NAMES = dict(enumerate(
    "January February March April May June July August September October November December".split(), start=1,
))


def at(mark):
    return soundings.DEPTHS[mark]


def heading(month):
    return NAMES[month] + ": " + calendar.tide(month) + " tide"
