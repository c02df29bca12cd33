"""Which way to go."""

from .legs import leg

__all__ = ["leg"]
