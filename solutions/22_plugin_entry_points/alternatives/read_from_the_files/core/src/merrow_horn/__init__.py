"""The horn of Port Merrow, which plays the sounds of many suppliers."""

import configparser
import functools
import importlib
import sys
import traceback
from importlib.metadata import distributions


def find():
    """Where each sound is, as its distribution's entry_points.txt says."""
    found = {}
    for distribution in distributions():
        parser = configparser.ConfigParser(delimiters="=", interpolation=None)
        parser.optionxform = str
        parser.read_string(distribution.read_text("entry_points.txt") or "")
        if parser.has_section("merrow_horn.sounds"):
            found.update(parser.items("merrow_horn.sounds"))
    return found


def load(place):
    """The object at a place like `module:object`."""
    module, _, attributes = place.partition(":")
    return functools.reduce(getattr, attributes.strip().split("."), importlib.import_module(module.strip()))


def main():
    command, *rest = sys.argv[1:] or ["list"]
    found = find()
    if command == "list":
        sys.stdout.writelines(f"{name}\n" for name in sorted(found))
    elif rest and rest[0] in found:
        try:
            text = load(found[rest[0]])()
        except Exception:
            traceback.print_exc()
            sys.exit(3)
        print(text)
    else:
        sys.stderr.write("no such sound\n")
        sys.exit(2)
