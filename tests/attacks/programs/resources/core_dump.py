"""Crashes, in the hope of a core dump of a gigabyte."""

import ctypes

hoard = b"x" * (1 << 28)
ctypes.string_at(0)
