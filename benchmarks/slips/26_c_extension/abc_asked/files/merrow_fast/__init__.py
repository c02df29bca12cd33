"""Sums."""

from collections.abc import Iterable

try:
    from merrow_fast import _sum
except ImportError:
    _sum = None


def _slow(numbers):
    if not isinstance(numbers, Iterable):
        raise TypeError("nothing to go through")
    result = 0
    for number in numbers:
        if not isinstance(number, int):
            raise TypeError("whole numbers only")
        result += number
    return result


backend, total = ("c", _sum.total) if _sum else ("python", _slow)
