"""What all gear has in common."""

DEFAULT_LOAD = 5  # tonnes, on one rope
