"""The logbook of Port Merrow, a page a day."""

from importlib.resources import files

from logbook.words import plural


def page(ship, calls=1):
    """A page of the logbook for that ship."""
    template = (files("logbook") / "templates" / "page.txt").read_text(encoding="utf-8")
    return template.format(ship=ship, calls=plural(calls, "call"))
