"""The sum of many whole numbers, fast where that could be compiled."""

import math

try:
    from ._sum import total
except ImportError:
    backend = "python"

    def total(numbers):
        """The sum of the whole numbers in an iterable."""
        return int(math.fsum(numbers))

else:
    backend = "c"
