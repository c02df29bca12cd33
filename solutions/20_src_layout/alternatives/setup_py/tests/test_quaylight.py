"""Tests of quaylight; for whoever works on it, not for who uses it."""

import quaylight


def test_ferry():
    assert quaylight.signal("ferry") == "two long"


def test_version():
    assert isinstance(quaylight.__version__, str)
