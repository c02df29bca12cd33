"""What is known of the water."""

from .depth import at, heading

__all__ = ["at", "heading"]
