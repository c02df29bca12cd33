"""Lets a child of the same Python look from the folder of PROGRAM; all the rest is a walk over files."""

import json
import os
import subprocess
import sys
from pathlib import Path

LOOK = """
import importlib.machinery, importlib.metadata, importlib.util, json, os, site, sys
sys.path[0] = os.getcwd()
name = sys.argv[1]
spec = importlib.util.find_spec(name)
there = spec is not None and (spec.has_location or spec.origin in ("built-in", "frozen"))
dists = [
    (each.metadata["Name"], [(str(file), str(each.locate_file(file))) for file in each.files or []])
    for each in importlib.metadata.distributions()
]
print(json.dumps({
    "there": there, "at": spec.origin if there and spec.has_location else None, "dists": dists, "path": sys.path,
    "suffixes": importlib.machinery.all_suffixes(), "user": site.getusersitepackages(), "prefix": sys.prefix,
}))
"""

program, name = sys.argv[1:]
done = subprocess.run(
    [sys.executable, "-c", LOOK, name],
    cwd=Path(program).absolute().parent,
    stdout=subprocess.PIPE,
    check=True,
)
seen = json.loads(done.stdout)
inits = {f"__init__{suffix}" for suffix in seen["suffixes"]}


def names(files):
    for file, _ in files:
        parts = file.split("/")
        stems = [file[: -len(suffix)] for suffix in seen["suffixes"] if file.endswith(suffix)]
        if len(parts) == 1:
            yield from filter(str.isidentifier, stems)
        elif len(parts) == 2 and parts[1] in inits and parts[0].isidentifier():
            yield parts[0]


def foreign(folder):
    return [str(path) for path in Path(folder).glob(f"{name}.*.so")]


def holds(folder):
    folder = Path(folder)
    files = [folder / f"{name}{suffix}" for suffix in seen["suffixes"]] + [folder / name / init for init in inits]
    return any(file.is_file() for file in files) or bool(foreign(folder))


def plain(text):
    return "-".join(text.lower().replace("_", "-").replace(".", "-").split("-")).replace("---", "-").replace("--", "-")


def report(verdict, at=None, distribution=None, modules=()):
    answer = {"verdict": verdict, "at": at, "distribution": distribution, "modules": sorted(set(modules))}
    print(json.dumps(answer))
    raise SystemExit(verdict != "found")


if seen["there"]:
    at, dists = seen["at"], seen["dists"]
    owners = [each for each, files in dists if at and any(os.path.normpath(path) == at for _, path in files)]
    if owners:
        report("found", at, owners[0])
    hidden = [each for each, files in dists if at and name in names(files)]
    if hidden:
        report("hidden", at, hidden[0])
    report("found", at)

for each, files in seen["dists"]:
    if plain(each) == plain(name) and any(names(files)):
        report("renamed", None, each, names(files))

for folder in seen["path"]:
    if foreign(folder):
        report("other-build", foreign(folder)[0])

if holds(seen["user"]):
    report("user-site", seen["user"])

active = os.environ.get("VIRTUAL_ENV", "")
places = [("other-environment", active)] * (os.path.normpath(active) != os.path.normpath(seen["prefix"]))
for verdict, environment in [*places, ("other-python", seen["prefix"])]:
    for folder in Path(environment, "lib").glob("python3.*"):
        if environment and holds(folder / "site-packages"):
            report(verdict, os.path.abspath(folder / "site-packages"))

report("missing")
