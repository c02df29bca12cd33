"""What is in the locker."""

from .flags import *
