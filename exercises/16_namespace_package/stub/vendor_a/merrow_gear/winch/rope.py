"""Ropes for the winch."""


def diameter(load):
    """The diameter in millimetres of a rope that holds a load in tonnes."""
    return 8 + 2 * load
