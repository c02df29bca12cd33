"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import importlib.util
import json
import sys
from importlib.machinery import PathFinder
from pathlib import Path


class Search:
    """The search for one top-level name."""

    def __init__(self, name):
        self.name = name
        self.hits = {}  # from each place to the file that it has, in the order of the path
        for entry in sys.path:
            spec = PathFinder.find_spec(name, [entry])
            if spec and spec.has_location:
                self.hits.setdefault(Path(entry).resolve(), str(Path(spec.origin).absolute()))
        found = importlib.util.find_spec(name)
        self.winner = found and found.origin
        if self.winner not in ("built-in", "frozen"):
            self.winner = next(iter(self.hits.values()), None)

    @property
    def also(self):
        """The files that this hides."""
        return [file for file in self.hits.values() if file != self.winner]

    def to_json(self):
        """The answer."""
        return json.dumps({key: getattr(self, key) for key in ("name", "winner", "also")}, indent=4)


search = Search(sys.argv[1])
print(search.to_json())
sys.exit(search.winner is None)
