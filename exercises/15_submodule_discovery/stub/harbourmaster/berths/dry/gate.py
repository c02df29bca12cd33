"""The gate of the dry dock."""

OPEN = False
