"""The keeper of the bytecode: where, build, ship and status."""

import importlib.util
import os
import py_compile
import shutil
import sys
from pathlib import Path


def where(args):
    print(importlib.util.cache_from_source(args[0]))
    return 0


def sources(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                yield os.path.join(place, name)


def build(args):
    bad = 0
    for source in sources(args[0]):
        try:
            for level in range(3):
                py_compile.compile(source, doraise=True, optimize=level)
        except py_compile.PyCompileError as fault:
            print(fault, file=sys.stderr)
            bad = 1
    return bad


def ship(args):
    start, goal = map(Path, args)
    for place, folders, names in os.walk(start):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        here = goal / Path(place).relative_to(start)
        here.mkdir()
        for name in names:
            source = os.path.join(place, name)
            if name.endswith(".py"):
                py_compile.compile(source, cfile=str(here / (name + "c")), doraise=True, optimize=0)
            else:
                shutil.copy2(source, here / name)
    return 0


def status(args):
    cache = Path(importlib.util.cache_from_source(args[0]))
    if cache.is_file():
        recorded = int.from_bytes(cache.read_bytes()[8:12], "little")
        now = int(os.path.getmtime(args[0])) & 0xFFFFFFFF
        print("fresh" if recorded == now else "stale")
    else:
        print("missing")
    return 0


COMMANDS = {"where": where, "build": build, "ship": ship, "status": status}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
