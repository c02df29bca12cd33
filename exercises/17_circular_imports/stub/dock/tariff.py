"""What the dock charges."""

PER_NIGHT = 40
