"""Depths, and the headings of the pages that they are printed on."""

from importlib import import_module

months = import_module("calendar")  # the standard library's: what a month is called
tides = import_module(".calendar", __spec__.parent)  # our own: what its highest tide is called
DEPTHS = import_module(".soundings", __spec__.parent).DEPTHS


def at(mark):
    """The depth at a mark; KeyError if nobody sounded there."""
    return DEPTHS[mark]


def heading(month):
    """The heading of a month's page, as "March: lent tide"; January is 1."""
    return f"{months.month_name[month]}: {tides.tide(month)} tide"
