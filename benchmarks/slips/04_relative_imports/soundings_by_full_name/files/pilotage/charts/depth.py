"""How deep is it, and what does the page say?"""

from calendar import month_name

from pilotage.charts.soundings import DEPTHS

from . import calendar as pilots


def at(mark):
    return DEPTHS[mark]


def heading(month):
    return "{}: {} tide".format(month_name[month], pilots.tide(month))
