"""What the package reads."""
