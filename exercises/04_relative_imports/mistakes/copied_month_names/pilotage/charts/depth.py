"""Depths, and the headings of the pages that they are printed on."""

from .calendar import tide  # our own: what its highest tide is called
from .soundings import DEPTHS

MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]


def at(mark):
    """The depth at a mark; KeyError if nobody sounded there."""
    return DEPTHS[mark]


def heading(month):
    """The heading of a month's page, as "March: lent tide"; January is 1."""
    return f"{MONTHS[month - 1]}: {tide(month)} tide"
