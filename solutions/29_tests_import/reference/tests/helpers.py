"""Help for tests of the buoys."""


def near(a, b):
    """Whether two numbers are the same, but for rounding."""
    return abs(a - b) < 1e-9
