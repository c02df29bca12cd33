"""What all tests of the buoys share."""


def near(a, b):
    """Whether two numbers are the same, but for rounding."""
    return abs(a - b) < 1e-9
