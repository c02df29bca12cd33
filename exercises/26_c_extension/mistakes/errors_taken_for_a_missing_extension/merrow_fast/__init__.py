"""The sum of many whole numbers, fast where that could be compiled."""

try:
    from . import _sum

    backend = "c"
except ImportError:
    _sum = None
    backend = "python"


def total(numbers):
    """The sum of the whole numbers in an iterable."""
    try:
        return _sum.total(numbers)
    except Exception:
        return sum(numbers)
