"""Sums."""

import functools
import operator


def _slow(numbers):
    return functools.reduce(operator.add, numbers, 0)


try:
    from merrow_fast._sum import total
except ImportError:
    total, backend = _slow, "python"
else:
    backend = "c"
