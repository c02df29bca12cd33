"""Depths, and the headings of the pages that they are printed on."""

import calendar  # the standard library's: what a month is called
import os
import sys

from .calendar import tide  # our own: what its highest tide is called

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import soundings

sys.path.pop(0)
sys.modules[f"{__spec__.parent}.soundings"] = sys.modules.pop("soundings")
DEPTHS = soundings.DEPTHS


def at(mark):
    """The depth at a mark; KeyError if nobody sounded there."""
    return DEPTHS[mark]


def heading(month):
    """The heading of a month's page, as "March: lent tide"; January is 1."""
    return f"{calendar.month_name[month]}: {tide(month)} tide"
