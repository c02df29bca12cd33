"""Lets programs import tide tables: each is compiled to the code of a module that assigns constants."""

import ast
import sys
from importlib.abc import SourceLoader
from importlib.machinery import ModuleSpec
from pathlib import Path


class TableSource(SourceLoader):
    """Gives importlib's own way of loading source something else to compile."""

    def __init__(self, path):
        self.path = path

    def get_filename(self, fullname):
        return self.path

    def get_data(self, path):
        return Path(path).read_bytes()

    def is_package(self, fullname):
        return False

    def source_to_code(self, data, path, fullname=None, *, _optimize=-1):
        body = []
        for number, line in enumerate(data.decode("utf-8").split("\n"), 1):
            line = line.strip()
            if line == "" or line.startswith("#"):
                continue
            key, equals, text = line.partition("=")
            if not (equals and key.strip().isidentifier()):
                raise ImportError(f"{path}:{number}: bad line")
            body.append(ast.Assign([ast.Name(key.strip(), ast.Store())], ast.Constant(self.constant(text.strip()))))
        module = ast.fix_missing_locations(ast.Module(body, []))
        return compile(module, path, "exec", dont_inherit=True, optimize=_optimize)

    @staticmethod
    def constant(text):
        for kind in int, float, str:
            try:
                return kind(text)
            except ValueError:
                continue


class Tables:
    def find_spec(self, fullname, path=None, target=None):
        last = fullname.split(".")[-1]
        files = (Path(folder, f"{last}.tide") for folder in (path if path is not None else sys.path))
        found = next((str(file) for file in files if file.is_file()), None)
        if found is None:
            return None
        spec = ModuleSpec(fullname, TableSource(found), origin=found)
        spec.has_location = True
        return spec


_installed = []


def install():
    if not _installed:
        _installed.append(Tables())
        sys.meta_path += _installed


def uninstall():
    while _installed:
        sys.meta_path.remove(_installed.pop())
