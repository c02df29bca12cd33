"""Look after bytecode, mostly by asking other programs."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from importlib.machinery import SourceFileLoader
from importlib.util import cache_from_source


def compileall(*words):
    return subprocess.run([sys.executable, "-m", "compileall", "-q", *words]).returncode


def status(file):
    cache = pathlib.Path(cache_from_source(file))
    if not cache.exists():
        return "missing"
    recorded = cache.read_bytes()[8:16]
    about = SourceFileLoader("any", file).path_stats(file)
    wanted = [int(about["mtime"]), about["size"]]
    return "fresh" if wanted == [int.from_bytes(part, "little") for part in (recorded[:4], recorded[4:])] else "stale"


def ship(source, target):
    with tempfile.TemporaryDirectory() as ashore:
        work = os.path.join(ashore, "work")
        shutil.copytree(source, work)
        failed = compileall("-b", "-f", "-o", "0", work)
        for path in list(pathlib.Path(work).rglob("*")):
            if path.name == "__pycache__":
                shutil.rmtree(path)
            elif path.suffix == ".py":
                path.unlink()
        shutil.move(work, target)
    return failed


match sys.argv[1:]:
    case ["where", file]:
        print(os.path.relpath(cache_from_source(os.path.abspath(file))))
    case ["build", folder]:
        sys.exit(compileall("-f", "-o", "0", "-o", "1", "-o", "2", folder))
    case ["ship", source, target]:
        sys.exit(ship(source, target))
    case ["status", file]:
        print(status(file))
