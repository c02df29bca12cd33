"""Sums."""

import importlib


def _slow(numbers):
    result = 0
    for number in numbers:
        if not isinstance(number, int):
            raise TypeError("whole numbers only")
        result += number
    return result


try:
    total = importlib.import_module("_sum").total
    backend = "c"
except ModuleNotFoundError:
    total = _slow
    backend = "python"
