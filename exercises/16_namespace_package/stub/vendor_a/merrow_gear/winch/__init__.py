"""The winch."""

from merrow_gear import DEFAULT_LOAD

from .rope import diameter
