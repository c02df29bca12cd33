"""The winch."""

from .loads import DEFAULT_LOAD
from .rope import diameter
