"""Checks of 08 bytecode_cache."""

import json
import os
import shlex
from dataclasses import dataclass

from grader.checks import check, expect, observation

# Where bytecode is kept is seen from what an import leaves behind.
WHERE = """
import os, sys
flags, prefix, folder, old, new = sys.argv[1].split(), *sys.argv[2:]
env = {"PYTHONPYCACHEPREFIX": os.path.abspath(prefix)} if prefix else {}
def where(name):
    return run("python", *flags, "cachekeeper.py", "where", os.path.join(folder, name + ".py"), env=env)
os.mkdir(folder)
open(os.path.join(folder, old + ".py"), "w").close()
said = [where(old), where(new)]
open(os.path.join(folder, new + ".py"), "w").close()
run("python", *flags, "-c", f"import {old}, {new}", cwd=folder, env=env)
found = {}
for top, _, names in os.walk(os.getcwd()):
    found.update({name.partition(".")[0]: os.path.join(top, name) for name in names if name.endswith(".pyc")})
see({"here": os.getcwd(), "said": said, "kept": [found[old], found[new]]})
"""

# Python itself is asked whether it can use what was built: importing with each flag, it would write what isn't right.
BUILD = """
import os, sys
folder, *modules = sys.argv[1:]
def files(end):
    return [os.path.join(top, name) for top, _, names in os.walk(".") for name in names if name.endswith(end)]
def caches():
    return {path: open(path, "rb").read() for path in files(".pyc") if folder in path.split(os.sep)}
built = run("python", "-B", "cachekeeper.py", "build", folder)
ran, before = files("ran.txt"), caches()
path = os.pathsep.join({os.path.abspath(os.path.dirname(module)) for module in modules})
names = [os.path.basename(module)[:-3] for module in modules]
lines = "import " + ", ".join(names) + "; print([module.LEVEL for module in (" + ", ".join(names) + ",)])"
levels = [run("python", *flag, "-c", lines, env={"PYTHONPATH": path})["stdout"] for flag in ([], ["-O"], ["-OO"])]
written = [path for path, content in caches().items() if content != before.get(path)]
see({"built": built, "ran": ran, "before": list(before), "written": written, "levels": levels})
"""

SHIP = """
import os, shutil
def tree(folder):
    inside = [os.path.join(top, name) for top, _, names in os.walk(folder) for name in names]
    files = {os.path.relpath(path, folder): open(path, "rb").read() for path in inside}
    return {name: "" if name.endswith(".pyc") else repr(content) for name, content in files.items()}
original = run("python", "-m", "lamp")
before = tree("lamp")
os.mkdir("ashore")
shipped = run("python", "cachekeeper.py", "ship", "lamp", os.path.join("ashore", "lamp"))
after, there = tree("lamp"), tree(os.path.join("ashore", "lamp"))
shutil.rmtree("lamp", ignore_errors=True)
ashore = run("python", "-m", "lamp", cwd="ashore")
see({"original": original, "shipped": shipped, "ashore": ashore, "before": before, "after": after, "there": there})
"""

STATUS = """
import os, sys
folder, name = sys.argv[1:]
file, said = os.path.join(folder, name + ".py"), []
def status(*flags):
    said.append(run("python", *flags, "cachekeeper.py", "status", file))
def load(*flags):
    run("python", *flags, "-c", f"import {name}", cwd=folder)
def write(text, date):
    open(file, "w").write(text)
    os.utime(file, (date, date))
os.mkdir(folder)
write("MILES = 18", 1_700_000_000.75)
status()
load()
status()
status("-O")
load("-O")
write("MILES = 17", 1_600_000_000.25)
status()
load()
status()
status("-O")
write("MILES = 17.5", 1_600_000_000.25)
status()
see(said)
"""
STEPS = (
    ("before the first import", "missing"),
    ("after its first import", "fresh"),
    ("asked with -O, after the import without", "missing"),
    ("with an older file of the same size in its place", "stale"),
    ("after an import of that file", "fresh"),
    ("asked with -O, whose bytecode is still that of the file before", "stale"),
    ("with a file of another size and the same date in its place", "stale"),
)

MODULE = '''
def about():
    """Lit at dusk."""
with open("ran.txt", "a") as ran:
    ran.write(__name__)
LEVEL = __debug__, about.__doc__ is not None
'''
LEVELS = ((True, True), (False, True), (False, False))


@dataclass
class Ran:
    """What `run` gives."""

    status: int
    stdout: str
    stderr: str

    def __str__(self):
        """In a few words, for messages."""
        printed = self.stdout.strip() or "nothing on stdout"
        return f"exit status {self.status}, {printed}" + (f"\n{self.stderr.strip()}" if self.stderr.strip() else "")


@dataclass
class Where:
    """What WHERE reports."""

    here: str
    said: list[Ran]
    kept: list[str]


@dataclass
class Built:
    """What BUILD reports."""

    built: Ran
    ran: list[str]
    before: list[str]
    written: list[str]
    levels: list[str]


@dataclass
class Shipped:
    """What SHIP reports."""

    original: Ran
    shipped: Ran
    ashore: Ran
    before: dict[str, str]
    after: dict[str, str]
    there: dict[str, str]


def names(project, *stems):
    """Names that are new for each edit of the submission."""
    numbers = project.side.varied("names")
    return [f"{stem}{numbers.randrange(100, 1000)}" for stem in stems]


def ask_where(project, flags="", prefix=""):
    """Ask for the places of two modules' bytecode, one of which isn't there yet."""
    return project.workshop(WHERE, flags, prefix, "gallery deck", *names(project, "mirror", "shutter"))


@observation
def where(project):
    return ask_where(project)


@observation
def where_optimised(project):
    return [(flags, ask_where(project, flags)) for flags in ("-O", "-OO")]


@observation
def where_prefix(project):
    return ask_where(project, prefix="oil store")


@observation
def modules(project):
    """The paths of three modules, at different depths of a folder; the second is in a package."""
    folder, *stems = names(project, "tower", "mirror", "shutter", "wick")
    return folder, [
        f"{folder}/{stems[0]}.py",
        f"{folder}/deck/{stems[1]}.py",
        f"{folder}/deck/store room/{stems[2]}.py",
    ]


def build(project, modules, wreck):
    """Build a folder with these modules, and perhaps one that can't be compiled."""
    folder, paths = modules

    def put_modules(copy):
        (copy / folder / "deck" / "store room").mkdir(parents=True)
        (copy / folder / "deck" / "__init__.py").write_text("")
        for path in paths:
            (copy / path).write_text(MODULE)
        if wreck:
            (copy / folder / "a_wreck.py").write_text("def light(:\n")

    note = f"there are {', '.join(paths)}, which write ran.txt when they are run"
    if wreck:
        note += f"; {folder}/a_wreck.py has a syntax error"
    copy = project.copy("ashore", note=note, change=put_modules)
    return copy.workshop(BUILD, folder, *paths)


@observation
def built(project, modules):
    return build(project, modules, wreck=False)


@observation
def built_with_wreck(project, modules):
    return build(project, modules, wreck=True)


@observation
def lamp(project):
    """What the lamp signals in a copy, and how it is seen there."""
    numbers = project.side.varied("lamp")
    miles = numbers.randrange(5, 40)
    signals = {f"ship {number}": "short " * (number % 4) + "long" for number in numbers.sample(range(10, 100), 3)}

    def change(copy):
        (copy / "lamp" / "signals.json").write_text(json.dumps(signals))
        (copy / "lamp" / "optics" / "lens.txt").write_text(f"{miles}\n")

    lines = ["The lamp of the lighthouse at Merrow Head.", f"seen from {miles} miles"]
    lines += [f"{name}: {flashes}" for name, flashes in signals.items()]
    note = f"lamp/signals.json is {shlex.quote(json.dumps(signals))}, and lamp/optics/lens.txt is {miles}"
    return lines, project.copy("lighthouse", note=note, change=change)


@observation
def shipped(lamp):
    return lamp[1].workshop(SHIP)


@observation
def stages(project):
    return project.workshop(STATUS, "gallery deck", *names(project, "lantern"))


def expect_place(seen, why, *, there=("there", "not there yet")):
    """`where` prints where the import left the bytecode."""
    looked = expect(seen, why)
    found = looked.reported(Where)
    looked.that("two answers", len(found.said) == len(found.kept) == 2, f"{len(found.said)} answers")
    for name, said, kept in zip(there, found.said, found.kept, strict=False):
        path = os.path.relpath(kept, found.here)
        wanted = f"that `where` for the source that is {name} ends with status 0, and prints\n{path}"
        printed = said.stdout.strip()
        same = os.path.normpath(os.path.join(found.here, printed)) == os.path.normpath(kept)
        looked.that(wanted, same and said.status == 0, said)


@check(points=10, clause=1)
def test_where(where):
    """`where` prints the path of a source's bytecode, whether the source is there or not."""
    expect_place(where, "An import left its bytecode at another place. What is it called, and what does its name tell?")


@check(points=10, clause=2)
def test_where_optimised(where_optimised):
    """Under `-O` and `-OO` it prints the path that is used with these flags."""
    for flags, seen in where_optimised:
        why = f"With {flags} Python makes other bytecode. Where can it be kept beside that of other runs?"
        expect_place(seen, why, there=("there",))


@check(points=10, clause=3)
def test_where_prefix(where_prefix):
    """With `PYTHONPYCACHEPREFIX` it prints a path in that folder."""
    why = "The environment says where bytecode goes. Who in your program has looked there?"
    expect_place(where_prefix, why, there=("there",))


@check(points=15, clause=4)
def test_build(modules, built):
    """`build` writes bytecode for all three modes, below all folders, and Python uses it."""
    why = (
        "Python was started without a flag, with -O and with -OO, and used or wrote what you see. What had build left?"
    )
    looked = expect(built, why)
    seen = looked.reported(Built)
    looked.that("that build ends with status 0", seen.built.status == 0, seen.built)
    written = "\n".join(["Python had to write", *sorted(seen.written)])
    looked.that("that nothing is left to write for Python", not seen.written, written)
    looked.that("bytecode", bool(seen.before), "none")
    for mode, level, printed in zip(("no flag", "-O", "-OO"), LEVELS, seen.levels, strict=False):
        wanted, came = repr([level] * len(modules[1])), printed.strip() or "nothing"
        looked.that(f"that LEVEL of the modules, imported with {mode}, is\n{wanted}", wanted == came, came)
    looked.equal("the number of modes", len(LEVELS), len(seen.levels))


@check(points=10, clause=5)
def test_build_runs_nothing(built):
    """`build` doesn't run what it compiles."""
    looked = expect(built, "Each module writes ran.txt when it is run. What did build do with them to get at bytecode?")
    seen = looked.reported(Built)
    looked.that("that no module has run", not seen.ran, f"build left {', '.join(sorted(seen.ran))}")
    looked.that("bytecode all the same", bool(seen.before), seen.built)


@check(points=10, clause=6)
def test_build_goes_on(modules, built, built_with_wreck):
    """A syntax error in one file makes the status 1 and stops nothing."""
    why = "One file can't be compiled. What becomes of the files after it, and who remembers until the end?"
    looked = expect(built, why)
    status = looked.reported(Built).built
    looked.that("that build ends with status 0 where nothing is wrong", status.status == 0, status)
    looked = expect(built_with_wreck, why)
    seen = looked.reported(Built)
    compiled = {os.path.basename(path).partition(".")[0] for path in seen.before}
    missing = [path for path in modules[1] if os.path.basename(path)[:-3] not in compiled]
    looked.that("bytecode of all other files", not missing, f"none of {', '.join(missing)}\n{seen.built}")
    looked.that("that build ends with status 1", seen.built.status == 1, seen.built)


@check(points=20, clause=7)
def test_ship(lamp, shipped):
    """What `ship` makes runs like the original, without it and without any source."""
    lines, _ = lamp
    why = "The contractor has this folder and nothing else. For each file: is it there, where Python will look for it?"
    looked = expect(shipped, why)
    seen = looked.reported(Shipped)
    looked.that("that ship ends with status 0", seen.shipped.status == 0, seen.shipped)
    before, after = ({n: t for n, t in tree.items() if not cached(n)} for tree in (seen.before, seen.after))
    wanted = {shipped_name(name): text if shipped_name(name) == name else "" for name, text in before.items()}
    looked.that("in ashore/lamp: " + listed(wanted), wanted.keys() == seen.there.keys(), listed(seen.there))
    other = [name for name, text in wanted.items() if seen.there[name] != text]
    looked.that("that the other files are the same", not other, f"another {', '.join(other)}")
    printed = [line.strip() for line in seen.ashore.stdout.strip().splitlines()]
    same = printed == lines and seen.ashore.status == 0
    looked.that("\n".join(["that python -m lamp, in ashore, prints", *lines]), same, seen.ashore)
    looked = expect(shipped, "Who works with the original goes on doing so. What did ship leave there, or take?")
    looked.that("lamp as it was before: " + listed(before), before == after, listed(after))


@check(points=15, clause=8)
def test_status(stages):
    """`status` tells missing, stale and fresh bytecode apart."""
    looked = expect(stages, "When does Python believe bytecode, and where does it find what it compares?")
    said = looked.reported(list[Ran])
    looked.that(f"{len(STEPS)} answers", len(said) == len(STEPS), f"{len(said)} answers")
    for (when, wanted), ran in zip(STEPS, said, strict=True):
        right = ran.stdout.strip() == wanted and ran.status == 0
        looked.that(f"that `status`, {when}, ends with status 0 and prints {wanted}", right, ran)


def cached(name):
    """Whether a file lies in a `__pycache__`."""
    return "__pycache__" in name.split(os.sep)


def shipped_name(name):
    """What a file is called when it is shipped."""
    return name + "c" if name.endswith(".py") else name


def listed(tree):
    """The names of files, in words."""
    return ", ".join(sorted(tree)) or "no file"
