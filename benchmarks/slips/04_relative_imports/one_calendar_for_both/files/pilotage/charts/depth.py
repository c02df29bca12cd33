"""How deep is it, and what does the page say?"""

import calendar

from . import soundings


def at(mark):
    return soundings.DEPTHS[mark]


def heading(month):
    name = calendar.month_name[month]
    tide = calendar.tide(month)
    return f"{name}: {tide} tide"
