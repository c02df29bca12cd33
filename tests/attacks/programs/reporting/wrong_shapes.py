"""Defines names of the right kind in the wrong shape."""

import sys

__all__ = 3
__path__ = 5
__name__ = None
__file__ = b"\xff"
__spec__ = "spec"
