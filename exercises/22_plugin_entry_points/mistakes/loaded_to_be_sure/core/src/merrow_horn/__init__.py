"""The horn of Port Merrow, which plays the sounds of many suppliers."""

from importlib.metadata import entry_points


def sounds():
    """The sounds that are installed, by name, each tried once."""
    found = {}
    for entry in entry_points(group="merrow_horn.sounds"):
        try:
            entry.load()
        except Exception:
            pass
        found[entry.name] = entry
    return found
