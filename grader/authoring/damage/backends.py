"""What may come of a build: a project can bring its own backend, which makes any wheel or source distribution."""

from __future__ import annotations

from collections.abc import Mapping

BUILD_SYSTEM = 'requires = ["setuptools"]\nbuild-backend = "odd_backend"\nbackend-path = ["."]\n'
FILE = "odd_backend.py"

_BACKEND = """\
import os, tarfile, zipfile
from setuptools import build_meta
from setuptools.build_meta import *

NEEDS = ["merrow-fog; os_name ~= 1", "merrow-fog>=" + "9" * 5000, "x; " + "(" * 3000, "x; extra == 1", "\\xff", ""]
ODD = "Requires-Python: >=" + "9" * 5000 + "\\n" + "".join("Requires-Dist: " + need + "\\n" for need in NEEDS)

def build_wheel(directory, settings=None, metadata=None):
    name = build_meta.__legacy__.build_wheel(directory, settings, metadata)
    spoil(os.path.join(directory, name))
    return name

def build_sdist(directory, settings=None):
    name = build_meta.__legacy__.build_sdist(directory, settings)
    spoil(os.path.join(directory, name))
    return name

def again(path, change):
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as packed:
            files = {entry.filename: packed.read(entry) for entry in packed.infolist()}
        files = change(files)
        with zipfile.ZipFile(path, "w") as packed:
            for name, content in files.items():
                packed.writestr(name, content)

def put(path, **contents):
    def change(files):
        home = next(name.split("/")[0] for name in files if ".dist-info/" in name)
        return files | {home + "/" + name.replace("_txt", ".txt"): text for name, text in contents.items()}
    again(path, change)

def require(path, lines):
    again(path, lambda files: {
        name: lines.encode() + content if name.endswith("/METADATA") else content for name, content in files.items()
    })

def commands(path, lines):
    put(path, entry_points_txt="[console_scripts]\\n" + lines)

def tar(path, *names, link=None):
    if path.endswith("gz"):
        with tarfile.open(path, "w:gz") as packed:
            for name in names:
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = (tarfile.SYMTYPE, link) if link else (tarfile.DIRTYPE, "")
                packed.addfile(entry)

def beside(path, name):
    return os.path.join(os.path.dirname(path), name)

def add(path, name):
    again(path, lambda files: files | {name: "x = 1"})

def drop(path, ending):
    again(path, lambda files: {name: files[name] for name in files if not name.endswith(ending)})

def cut(path, size):
    with open(path, "r+b") as file:
        file.truncate(size)

"""

_SPOILED: Mapping[str, str] = {
    "requirements that can't be compared": "require(path, ODD)",
    "another name in METADATA": "put(path, METADATA='Metadata-Version: 2.1\\nName: \\u6f6e x\\n')",
    "an empty METADATA": "put(path, METADATA='')",
    "bytes for METADATA": "put(path, METADATA=bytes(range(256)) * 9)",
    "no METADATA": "drop(path, '/METADATA')",
    "a garbage RECORD": "put(path, RECORD=bytes(range(256)) * 9)",
    "an empty RECORD": "put(path, RECORD='')",
    "no RECORD": "drop(path, '/RECORD')",
    "a wheel of version 99": "put(path, WHEEL='Wheel-Version: 99\\n')",
    "a garbage WHEEL": "put(path, WHEEL=bytes(range(256)))",
    "no WHEEL": "drop(path, '/WHEEL')",
    "entry points that are none": "commands(path, '9 lives = a b\\n[merrow_horn.sounds]\\n=7\\n')",
    "entry points of odd names": "commands(path, '../x = a:b\\n\\u6f6e = a:b\\nx\\ty = a:b\\n')",
    "entry points twice": "commands(path, 'x = a:b\\nx = a:c\\n[console_scripts]\\ny = a:b\\n')",
    "garbage entry points": "put(path, entry_points_txt=bytes(range(256)))",
    "a file that leads out": "add(path, '../x.py')",
    "a file with a line break in its name": "add(path, 'new\\nline.py')",
    "a file of a long name": "add(path, 'n' * 300 + '.py')",
    "a file where a folder is": "again(path, lambda files: files | {next(iter(files)).split('/')[0]: 'x'})",
    "an odd scheme": "add(path, 'x-1.data/nowhere/x.py')",
    "odd scripts": "add(path, 'x-1.data/scripts/')",
    "no files at all": "again(path, lambda files: {})",
    "an archive cut in two": "cut(path, os.path.getsize(path) // 2)",
    "an empty archive": "cut(path, 0)",
    "no archive": "os.remove(path)",
    "two archives": "[open(beside(path, name), 'w').close() for name in ('x-1-py3-none-any.whl', 'x-1.tar.gz')]",
    "an odd name": "os.rename(path, beside(path, 'new\\nline' + path[-7:]))",
    "a folder in its place": "os.remove(path); os.mkdir(path)",
    "an end without a word": "os._exit(0)",
    "a report of its own": "[os.write(n, b'[{\"x\": 7}]') for n in range(3, 20) if not closed(n)]; os._exit(0)",
    "two folders in a source distribution": "tar(path, 'a', 'b')",
    "a link in a source distribution": "tar(path, 'x/y', link='/etc')",
    "nothing in a source distribution": "tar(path)",
}  # fmt: skip
"""What is done to what was built, by its description."""

_CLOSED = """\
def closed(number):
    try:
        os.fstat(number)
    except OSError:
        return True
"""

BACKENDS: Mapping[str, str] = {
    says: f"{_BACKEND}{_CLOSED}\ndef spoil(path):\n    {line}\n" for says, line in _SPOILED.items()
}
"""Backends, by what is wrong with what they build."""
