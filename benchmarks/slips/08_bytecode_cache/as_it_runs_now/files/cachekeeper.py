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


def build(args):
    bad = 0
    for source in Path(args[0]).rglob("*.py"):
        try:
            py_compile.compile(os.fspath(source), doraise=True)
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


def number(four):
    return int.from_bytes(four, "little")


def status(args):
    cache = Path(importlib.util.cache_from_source(args[0]))
    if not cache.exists():
        print("missing")
        return 0
    data = cache.read_bytes()[:16]
    now = os.stat(args[0])
    same = (
        data[:4] == importlib.util.MAGIC_NUMBER
        and number(data[8:12]) == int(now.st_mtime) & 0xFFFFFFFF
        and number(data[12:16]) == now.st_size & 0xFFFFFFFF
    )
    print("fresh" if same else "stale")
    return 0


COMMANDS = {"where": where, "build": build, "ship": ship, "status": status}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
