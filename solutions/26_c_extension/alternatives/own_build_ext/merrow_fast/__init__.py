"""The sum of many whole numbers."""


class Python:
    name = "python"

    @staticmethod
    def total(numbers):
        numbers = list(numbers)
        for number in numbers:
            if not isinstance(number, int):
                raise TypeError(f"{number!r} is no whole number")
        return sum(numbers)


try:
    from merrow_fast import _sum
except ImportError:
    _sum = None


def total(numbers):
    """The sum of an iterable of int."""
    return (_sum or Python).total(numbers)


backend = Python.name if _sum is None else "c"
