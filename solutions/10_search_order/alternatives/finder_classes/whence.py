"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import importlib.util
import json
import sys
from functools import cached_property
from importlib.machinery import PathFinder
from pathlib import Path


class Search:
    """The search for one top-level name."""

    def __init__(self, name):
        self.name = name

    @cached_property
    def hits(self):
        """A dictionary from each place to the file that it has, in the order of the path."""
        found = {}
        for entry in sys.path:
            spec = PathFinder.find_spec(self.name, [entry])
            if spec and spec.origin and spec.has_location:
                found.setdefault(Path(entry).resolve(), str(Path(spec.origin).absolute()))
        return found

    @cached_property
    def winner(self):
        """What an import would take."""
        spec = importlib.util.find_spec(self.name)
        if spec is None or spec.loader is None or spec.origin is None:
            return None
        return spec.origin if spec.origin in ("built-in", "frozen") else next(iter(self.hits.values()))

    @property
    def also(self):
        """The files that this hides."""
        return [file for file in self.hits.values() if file != self.winner]

    def to_json(self):
        """The answer."""
        return json.dumps({key: getattr(self, key) for key in ("name", "winner", "also")}, indent=4)


if __name__ == "__main__":
    search = Search(sys.argv[1])
    print(search.to_json())
    sys.exit(search.winner is None)
