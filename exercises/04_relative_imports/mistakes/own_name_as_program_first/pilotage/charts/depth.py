"""Depths, and the headings of the pages that they are printed on."""

import calendar as standard

from . import calendar as pilots
from .soundings import DEPTHS


def at(mark):
    """The depth at a mark; KeyError if nobody sounded there."""
    return DEPTHS[mark]


def heading(month):
    """The heading of a month's page, as "March: lent tide"; January is 1."""
    return f"{standard.month_name[month]}: {pilots.tide(month)} tide"
