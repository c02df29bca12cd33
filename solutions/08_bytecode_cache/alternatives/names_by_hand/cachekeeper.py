"""Look after bytecode, with as little help as possible."""

import marshal
import os
import shutil
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path


class Source:
    """A file of Python source."""

    def __init__(self, path):
        self.path = Path(os.path.abspath(path))

    def cache(self, level):
        """Where its bytecode of an optimisation level is kept."""
        folder = self.path.parent / "__pycache__"
        if sys.pycache_prefix:
            folder = Path(sys.pycache_prefix) / self.path.parent.relative_to(self.path.anchor)
        return folder / f"{self.path.stem}.{sys.implementation.cache_tag}{f'.opt-{level}' if level else ''}.pyc"

    def header(self):
        """The first 16 bytes of bytecode that was made from the file as it is."""
        about = self.path.stat()
        numbers = (0, int(about.st_mtime), about.st_size)
        return MAGIC_NUMBER + b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for number in numbers)

    def compile(self, target, level):
        """Write bytecode."""
        code = compile(self.path.read_bytes(), str(self.path), "exec", dont_inherit=True, optimize=level)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.header() + marshal.dumps(code))


def where(file):
    print(Source(file).cache(sys.flags.optimize))


def build(folder):
    failed = False
    for top, folders, names in os.walk(folder):
        for source in (Source(os.path.join(top, name)) for name in names if name.endswith(".py")):
            for level in range(3):
                try:
                    source.compile(source.cache(level), level)
                except SyntaxError as error:
                    print(f"{source.path}: {error}", file=sys.stderr)
                    failed = True
    return int(failed)


def ship(source, target):
    source, target = Path(source), Path(target)
    target.mkdir()
    for entry in source.iterdir():
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            ship(entry, target / entry.name)
        elif entry.suffix == ".py":
            Source(entry).compile(target / f"{entry.stem}.pyc", 0)
        else:
            shutil.copy(entry, target)


def status(file):
    source = Source(file)
    cache = source.cache(sys.flags.optimize)
    if not cache.exists():
        print("missing")
    else:
        print("fresh" if cache.read_bytes().startswith(source.header()) else "stale")


if __name__ == "__main__":
    COMMANDS = {"where": where, "build": build, "ship": ship, "status": status}
    sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]))
