"""Tests of the light."""

from helpers import near

from buoys import light


def test_flashes():
    assert near(light.flashes(3), 24)


def test_dark():
    assert near(light.dark(), 7)
