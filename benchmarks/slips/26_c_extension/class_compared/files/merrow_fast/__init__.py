"""Sums."""

try:
    from merrow_fast import _sum
except ImportError:
    _sum = None


def _whole(number):
    if number.__class__ == int:
        return number
    raise TypeError(f"{number!r} is not a whole number")


def _slow(numbers):
    return sum(map(_whole, numbers))


backend, total = ("c", _sum.total) if _sum else ("python", _slow)
