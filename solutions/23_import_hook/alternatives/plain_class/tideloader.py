"""Lets programs import tide tables: one class finds and loads, and asks Python first."""

import os
import sys
from importlib.util import spec_from_loader


class Tide:
    """Stands first in the queue, and steps back for whoever else knows a name."""

    def __init__(self, path=None):
        self.path = path

    def find_spec(self, fullname, path=None, target=None):
        for finder in sys.meta_path:
            if not isinstance(finder, Tide) and finder.find_spec(fullname, path, target) is not None:
                return None
        name = fullname.split(".").pop()
        for folder in sys.path if path is None else path:
            file = os.path.join(folder, f"{name}.tide")
            if os.path.exists(file):
                return spec_from_loader(fullname, Tide(file), origin=file)

    def get_filename(self, fullname):
        return self.path

    def create_module(self, spec):
        spec.has_location = True

    def exec_module(self, module):
        module.__file__ = self.path
        with open(self.path, encoding="utf-8") as table:
            lines = list(table)
        pairs = []
        for index, line in enumerate(lines):
            if line.strip() and not line.lstrip().startswith("#"):
                key, found, value = map(str.strip, line.partition("="))
                if not key.isidentifier() or not found:
                    raise ImportError(f'File "{self.path}", line {index + 1}: {line.strip()}')
                pairs.append((key, number(value)))
        for key, value in pairs:
            setattr(module, key, value)


def number(text):
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def install():
    uninstall()
    sys.meta_path.insert(0, Tide())


def uninstall():
    for finder in [finder for finder in sys.meta_path if isinstance(finder, Tide)]:
        sys.meta_path.remove(finder)
