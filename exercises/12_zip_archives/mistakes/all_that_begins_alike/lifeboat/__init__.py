"""The muster of the lifeboat."""

from .roll import crew, main

__all__ = ["crew", "main"]
