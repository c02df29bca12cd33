"""The winch."""

from .rope import diameter

DEFAULT_LOAD = 5  # tonnes, on one rope
