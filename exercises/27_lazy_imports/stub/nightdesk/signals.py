"""The signals that are known. Other files hoist them, each when it is run."""

KNOWN = {}


def hoist(name, text):
    """Make a signal known."""
    KNOWN[name] = text
