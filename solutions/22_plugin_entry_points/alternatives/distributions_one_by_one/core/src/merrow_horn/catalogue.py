"""What is for sale."""

from importlib import metadata


class Unplayable(Exception):
    """A supplier's code failed."""


class Catalogue:
    """The sounds of all installed distributions."""

    group = "merrow_horn.sounds"

    def __init__(self):
        self.entries = {}
        for distribution in metadata.distributions():
            for entry in distribution.entry_points:
                if entry.group == self.group:
                    self.entries[entry.name] = entry

    def __iter__(self):
        return iter(sorted(self.entries))

    def __contains__(self, name):
        return name in self.entries

    def play(self, name):
        """The string of that sound."""
        try:
            return self.entries[name].load()()
        except Exception as error:
            raise Unplayable(name) from error
