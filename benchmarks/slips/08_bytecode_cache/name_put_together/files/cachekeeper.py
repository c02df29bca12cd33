"""The keeper of the bytecode: where, build, ship and status."""

import importlib.util
import os
import py_compile
import shutil
import sys
from pathlib import Path


def cache_of(file):
    source = Path(file).absolute()
    name = f"{source.stem}.{sys.implementation.cache_tag}.pyc"
    if sys.pycache_prefix:
        return Path(sys.pycache_prefix, *source.parts[1:-1], name)
    return source.with_name("__pycache__") / name


def where(args):
    print(cache_of(args[0]))
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
    try:
        data = cache_of(args[0]).read_bytes()
    except FileNotFoundError:
        print("missing")
        return 0
    now = os.stat(args[0])
    numbers = [int(now.st_mtime), now.st_size]
    recorded = [int.from_bytes(data[at : at + 4], "little") for at in (8, 12)]
    print("fresh" if recorded == [n & 0xFFFFFFFF for n in numbers] else "stale")
    return 0


COMMANDS = {"where": where, "build": build, "ship": ship, "status": status}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
