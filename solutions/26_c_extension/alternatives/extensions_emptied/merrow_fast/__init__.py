"""The sum of many whole numbers, fast where that could be compiled."""

try:
    from ._sum import total
except ImportError:
    backend = "python"

    def total(numbers):
        """The sum of the whole numbers in an iterable."""
        found = 0
        for number in numbers:
            if not isinstance(number, int):
                raise TypeError(f"total() takes whole numbers, not {type(number).__name__}")
            found += number
        return found

else:
    backend = "c"
