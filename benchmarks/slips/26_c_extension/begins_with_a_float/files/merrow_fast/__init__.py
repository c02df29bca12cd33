"""Sums."""

try:
    from merrow_fast import _sum
except ImportError:
    _sum = None


def _slow(numbers):
    result = 0.0
    for number in numbers:
        if not isinstance(number, int):
            raise TypeError("whole numbers only")
        result += number
    return int(result)


backend, total = ("c", _sum.total) if _sum else ("python", _slow)
