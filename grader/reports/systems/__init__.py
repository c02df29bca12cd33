"""Reports in the formats of other systems, each by its own rules."""
