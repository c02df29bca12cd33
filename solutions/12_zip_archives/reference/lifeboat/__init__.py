"""The muster of the lifeboat."""

from .roll import crew, main
