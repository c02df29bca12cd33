"""Tests of the command; for whoever works on tidelog, not for who uses it."""

from tidelog.cli import GAUGES, main


def test_status_counts_the_gauges():
    assert main([]) == len(GAUGES)
