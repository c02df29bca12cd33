"""The horn of Port Merrow, which plays the sounds of many suppliers."""

from importlib.metadata import entry_points


def sounds():
    """The sounds that are installed and work, by name."""
    found = {}
    for entry in entry_points(group="merrow_horn.sounds"):
        try:
            entry.load()
        except Exception:
            continue
        found[entry.name] = entry
    return found
