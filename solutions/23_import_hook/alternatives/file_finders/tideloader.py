"""Lets programs import tide tables, by the finder that Python has for folders."""

import importlib
import sys
from importlib.machinery import FileFinder
from pathlib import Path


class TideLoader:
    def __init__(self, name, path):
        self.name, self.path = name, path

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        table = {}
        for number, line in enumerate(Path(self.path).read_text(encoding="utf-8").splitlines(), 1):
            text = line.strip()
            if text and text[0] != "#":
                key, *value = (part.strip() for part in text.split("=", 1))
                if not value or not key.isidentifier():
                    raise ImportError(f"bad line {number} in {Path(self.path).name}", name=self.name, path=self.path)
                table[key] = read(value[0])
        vars(module).update(table)


def read(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


class TideFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        for entry in sys.path if path is None else path:
            spec = FileFinder(entry, (TideLoader, [".tide"])).find_spec(fullname)
            if spec is not None and spec.loader is not None:
                return spec
        return None


def install():
    if TideFinder not in sys.meta_path:
        sys.meta_path.append(TideFinder)
        importlib.invalidate_caches()


def uninstall():
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not TideFinder]
