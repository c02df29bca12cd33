"""What is hoisted, and what sounds. Whoever is on watch changes both."""

LEVEL = 0


def raise_level(level):
    """Hoist the storm signal of that level, 0 to 9."""
    global LEVEL
    LEVEL = level


def horn():
    """Sound the horn; returns what is heard."""
    return "one long blast"
