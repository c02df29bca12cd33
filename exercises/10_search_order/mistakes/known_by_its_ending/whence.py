"""Tell which copy of a module this interpreter would take, and which ones that hides."""

import sys

PLACES = list(sys.path)

import json
import os
import zipfile
from importlib.machinery import BYTECODE_SUFFIXES, EXTENSION_SUFFIXES, SOURCE_SUFFIXES, BuiltinImporter, FrozenImporter

SUFFIXES = EXTENSION_SUFFIXES + SOURCE_SUFFIXES + BYTECODE_SUFFIXES


def candidates(name, suffixes):
    for suffix in suffixes:
        yield f"{name}/__init__{suffix}"
    for suffix in suffixes:
        yield name + suffix


def in_folder(folder, name):
    for candidate in candidates(name, SUFFIXES):
        path = os.path.join(folder, candidate)
        if os.path.isfile(path):
            return path
    return None


def in_archive(place, name):
    archive, inside = place, ""
    while not os.path.exists(archive):
        archive, tail = os.path.split(archive)
        if not tail:
            return None
        inside = f"{tail}/{inside}"
    if not (os.path.isfile(archive) and archive.endswith(".zip")):
        return None
    try:
        with zipfile.ZipFile(archive) as opened:
            members = set(opened.namelist())
    except (OSError, ValueError, zipfile.BadZipFile):
        return None
    for candidate in candidates(name, SOURCE_SUFFIXES + BYTECODE_SUFFIXES):
        if inside + candidate in members:
            return os.path.join(place, candidate)
    return None


def main(argv=None):
    name = (sys.argv[1:] if argv is None else argv)[0]
    found = {}
    for entry in PLACES:
        place = os.path.abspath(entry)
        if place not in found:
            found[place] = in_folder(place, name) if os.path.isdir(place) else in_archive(place, name)
    files = [path for path in found.values() if path]
    if BuiltinImporter.find_spec(name):
        winner = "built-in"
    elif FrozenImporter.find_spec(name):
        winner = "frozen"
    else:
        winner = files.pop(0) if files else None
    print(json.dumps({"name": name, "winner": winner, "also": files}))
    return 0 if winner else 1


if __name__ == "__main__":
    sys.exit(main())
