"""Tell which copy of a module this interpreter would take, by going through the files as the interpreter does."""

import argparse
import json
import sys
import zipfile
from importlib.machinery import BYTECODE_SUFFIXES, EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FrozenImporter
from pathlib import Path, PurePosixPath

IN_FOLDERS = [*EXTENSION_SUFFIXES, *SOURCE_SUFFIXES, *BYTECODE_SUFFIXES]
IN_ARCHIVES = [".pyc", ".py"]


def candidates(name, suffixes):
    """Where the code may be, from the first choice to the last."""
    for suffix in suffixes:
        yield PurePosixPath(name, "__init__" + suffix)
    for suffix in suffixes:
        yield PurePosixPath(name + suffix)


def archive_above(place):
    """The archive that a place is, or is inside of, and the path in it; None if it is no such place."""
    for path in (place, *place.parents):
        if path.is_file():
            return (path, place.relative_to(path)) if zipfile.is_zipfile(path) else None
    return None


def in_folder(folder, name):
    for candidate in candidates(name, IN_FOLDERS):
        if (folder / candidate).is_file():
            return folder / candidate
    return None


def in_archive(archive, inner, name):
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
    for candidate in candidates(name, IN_ARCHIVES):
        if (PurePosixPath(inner) / candidate).as_posix() in names:
            return archive / inner / candidate
    return None


def files(name):
    seen = set()
    for entry in sys.path:
        place = Path(entry).absolute()
        if place in seen:
            continue
        seen.add(place)
        if place.is_dir():
            found = in_folder(place, name)
        elif above := archive_above(place):
            found = in_archive(*above, name)
        else:
            found = None
        if found:
            yield str(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of a top-level module or package")
    name = parser.parse_args().name
    also = list(files(name))
    if name in sys.builtin_module_names:
        winner = "built-in"
    elif FrozenImporter.find_spec(name):
        winner = "frozen"
    else:
        winner = also.pop(0) if also else None
    json.dump({"also": also, "name": name, "winner": winner}, sys.stdout, indent=2)
    return 0 if winner else 1


if __name__ == "__main__":
    raise SystemExit(main())
