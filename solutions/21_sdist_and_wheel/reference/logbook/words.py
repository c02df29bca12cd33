"""Words for the pages."""


def plural(count, word):
    """So many of that, as "1 call" or "2 calls"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
