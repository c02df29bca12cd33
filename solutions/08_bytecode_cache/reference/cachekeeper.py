"""Look after bytecode.

python cachekeeper.py where FILE
python cachekeeper.py build DIR
python cachekeeper.py ship SRC DST
python cachekeeper.py status FILE
"""

import argparse
import compileall
import importlib.util
import os
import py_compile
import shutil
import struct
import sys
from pathlib import Path


def where(file):
    """Where this run of Python keeps the bytecode of a source."""
    return importlib.util.cache_from_source(file)


def build(folder):
    """Compile all sources below a folder for all modes; whether that went well."""
    return bool(compileall.compile_dir(folder, quiet=1, force=True, optimize=[0, 1, 2]))


def ship(source, target):
    """Copy a folder, with bytecode in the place of each source."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for path in Path(target).rglob("*.py"):
        # Only here, where its source would be, is bytecode found without a source.
        py_compile.compile(str(path), cfile=f"{path}c", doraise=True, optimize=0)
        path.unlink()


def status(file):
    """How it stands with the bytecode of a source: missing, stale or fresh."""
    try:
        with open(where(file), "rb") as cache:
            header = cache.read(16)
    except FileNotFoundError:
        return "missing"
    source = os.stat(file)
    made_from = int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF
    fresh = importlib.util.MAGIC_NUMBER + struct.pack("<LLL", 0, *made_from)
    return "fresh" if header == fresh else "stale"


def main(argv=None):
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in (("where", ["FILE"]), ("build", ["DIR"]), ("ship", ["SRC", "DST"]), ("status", ["FILE"])):
        command = commands.add_parser(name)
        for word in words:
            command.add_argument(word.lower(), metavar=word)
    asked = parser.parse_args(argv)
    if asked.command == "where":
        print(where(asked.file))
    elif asked.command == "build":
        return 0 if build(asked.dir) else 1
    elif asked.command == "ship":
        ship(asked.src, asked.dst)
    else:
        print(status(asked.file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
