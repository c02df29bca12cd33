"""The winch."""

from ..load import DEFAULT_LOAD
from .rope import diameter
