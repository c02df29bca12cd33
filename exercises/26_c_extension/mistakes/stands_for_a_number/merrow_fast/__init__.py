"""The sum of many whole numbers, fast where that could be compiled."""

from operator import index

try:
    from ._sum import total
except ImportError:
    backend = "python"

    def total(numbers):
        """The sum of the whole numbers in an iterable."""
        return sum(index(number) for number in numbers)

else:
    backend = "c"
