"""The winch."""

from .loads import DEFAULT_LOAD
from .rope import diameter

__all__ = ["DEFAULT_LOAD", "diameter"]
