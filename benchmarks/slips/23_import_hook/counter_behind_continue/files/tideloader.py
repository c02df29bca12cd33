"""Tide tables for everybody: install(), then import them."""

import importlib.abc
import importlib.machinery
import importlib.util
import os.path
import sys


def number_or_text(text):
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def parse(path):
    found = {}
    count = 0
    with open(path, encoding="utf-8") as file:
        for raw in file:
            row = raw.strip()
            if row == "" or row[0] == "#":
                continue
            count += 1
            key, sign, value = map(str.strip, row.partition("="))
            if not (sign and key.isidentifier()):
                raise ImportError(f"bad line {count} in {path}")
            found[key] = number_or_text(value)
    return found


class Loader(importlib.abc.Loader):
    def __init__(self, path):
        self.table = path

    def exec_module(self, module):
        for key, value in parse(self.table).items():
            setattr(module, key, value)


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        last = fullname.split(".")[-1]
        for folder in sys.path if path is None else path:
            table = os.path.join(folder, last + ".tide")
            if os.path.isfile(table):
                return importlib.util.spec_from_file_location(fullname, table, loader=Loader(table))


finder = Finder()


def install():
    if finder not in sys.meta_path:
        sys.meta_path.append(finder)


def uninstall():
    try:
        sys.meta_path.remove(finder)
    except ValueError:
        pass
