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
import pkgutil
import py_compile
import shutil
import sys


def where(file):
    """The path of the bytecode of that source."""
    return importlib.util.cache_from_source(os.path.abspath(file))


def build(folder):
    """Compile all in the folder for all modes; return the status."""
    good = compileall.compile_dir(folder, quiet=1, force=True, optimize=[0, 1, 2])
    folder = os.path.abspath(folder)
    sys.path.insert(0, os.path.dirname(folder))
    package = os.path.basename(folder)
    for module in pkgutil.walk_packages([folder], package + ".", onerror=lambda name: None):
        print("built", module.name)
    return 0 if good else 1


def ship(src, dst):
    """Copy without sources; return the status."""
    os.mkdir(dst)
    worst = 0
    for name in sorted(os.listdir(src)):
        old = os.path.join(src, name)
        new = os.path.join(dst, name)
        if os.path.isdir(old):
            if name != "__pycache__":
                worst = max(worst, ship(old, new))
        elif name.endswith(".py"):
            try:
                py_compile.compile(old, cfile=new + "c", doraise=True, optimize=0)
            except py_compile.PyCompileError as error:
                print(error, file=sys.stderr)
                worst = 1
        else:
            shutil.copy2(old, new)
    return worst


def status(file):
    """How it stands with the bytecode of the file."""
    try:
        with open(where(file), "rb") as cache:
            header = cache.read(16)
    except FileNotFoundError:
        return "missing"
    state = os.stat(file)
    date = int.from_bytes(header[8:12], "little")
    size = int.from_bytes(header[12:16], "little")
    if date != int(state.st_mtime) & 0xFFFFFFFF or size != state.st_size & 0xFFFFFFFF:
        return "stale"
    return "fresh"


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
        return build(asked.dir)
    elif asked.command == "ship":
        return ship(asked.src, asked.dst)
    else:
        print(status(asked.file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
