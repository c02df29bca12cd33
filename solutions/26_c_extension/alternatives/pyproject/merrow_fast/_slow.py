"""What `_sum` does, for whoever hasn't got it."""

from operator import index


def whole(numbers):
    for number in numbers:
        if not isinstance(number, int):
            raise TypeError(number)
        yield index(number)


def total(numbers):
    return sum(whole(numbers))
