"""Tests of the logbook."""

from helper import cases
from logbook import page


def test_pages():
    for ship, calls, line in cases():
        assert page(ship, calls).splitlines()[1] == line
