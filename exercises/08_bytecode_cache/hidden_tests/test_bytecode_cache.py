"""Checks of 08 bytecode_cache."""

import json
import os
import shlex
from dataclasses import dataclass

from grader.checks import Ran, check, expect, observation

# The lines that run in the workshops are longer than what they do; `shown_as` gives a learner the same for a shell.

# Where bytecode is kept is seen from what an import leaves behind.
WHERE = """
import os, sys
folder, *names = sys.argv[1:]
oil = {"PYTHONPYCACHEPREFIX": os.path.abspath("oil store")}
ways = [((), {}, True), ((), {}, False), (("-O",), {}, True), (("-OO",), {}, True), ((), oil, True)]
os.mkdir(folder)
said, found = [], {}
for name, (flags, env, there) in zip(names, ways):
    file = os.path.join(folder, name + ".py")
    if there:
        open(file, "w").close()
    said.append(run("python", *flags, "cachekeeper.py", "where", file, env=env))
    open(file, "a").close()
    # Those that are asked for without a flag are imported together.
    now = names[:2] if name == names[1] else [] if name == names[0] else [name]
    if now:
        run("python", *flags, "-c", "import " + ", ".join(now), cwd=folder, env=env)
for top, _, files in os.walk(os.getcwd()):
    found.update({file.partition(".")[0]: os.path.join(top, file) for file in files if file.endswith(".pyc")})
see({"here": os.getcwd(), "said": said, "kept": [found[name] for name in names]})
"""
WAYS = (
    ("", False, "there"),
    ("", False, "not there yet"),
    ("-O", False, "there"),
    ("-OO", False, "there"),
    ("", True, "there"),
)
"""The same as in WHERE: the flag, whether PYTHONPYCACHEPREFIX is set, and the source."""

# Python itself is asked whether it can use what was built: importing with each flag, it would write what isn't right.
# What the first build leaves is stale for the second.
BUILD = """
import os, sys
folder, *modules = sys.argv[1:]
def files(end):
    return [os.path.join(top, name) for top, _, names in os.walk(".") for name in names if name.endswith(end)]
def caches():
    return {path: open(path, "rb").read() for path in files(".pyc") if folder in path.split(os.sep)}
def build():
    return run("python", "-B", "cachekeeper.py", "build", folder)
wreck = os.path.join(folder, "a_wreck.py")
with open(wreck, "w") as file:
    file.write("def light(:")
for module in modules:
    os.utime(module, (1_500_000_000, 1_500_000_000))
with_wreck = build()
ran, beside_wreck = files("ran.txt"), caches()
os.remove(wreck)
for module in modules:
    with open(module, "a") as file:
        file.write("CHANGED = True")
    # One is as old as before, and only longer.
    date = 1_500_000_000 if module == modules[0] else 1_600_000_000
    os.utime(module, (date, date))
built = build()
ran, before = ran + files("ran.txt"), caches()
path = os.pathsep.join({os.path.abspath(os.path.dirname(module)) for module in modules})
names = [os.path.basename(module)[:-3] for module in modules]
lines = "import " + ", ".join(names) + "; print([module.LEVEL for module in (" + ", ".join(names) + ",)])"
levels = [run("python", *flag, "-c", lines, env={"PYTHONPATH": path})["stdout"] for flag in ([], ["-O"], ["-OO"])]
written = [path for path, content in caches().items() if content != before.get(path)]
see({"with_wreck": with_wreck, "beside_wreck": list(beside_wreck), "built": built, "ran": ran,
     "before": list(before), "written": written, "levels": levels})
"""

SHIP = """
import os, shutil, sys
def tree(folder):
    inside = [os.path.join(top, name) for top, _, names in os.walk(folder) for name in names]
    return {os.path.relpath(path, folder): repr(open(path, "rb").read()) for path in inside}
run("python", "-m", "lamp")
with open(os.path.join("lamp", "__init__.py"), "w") as file:
    file.write('"' + sys.argv[1] + '"')
before = tree("lamp")
os.mkdir("ashore")
shipped = run("python", "-OO", "cachekeeper.py", "ship", "lamp", os.path.join("ashore", "lamp"))
after, there = tree("lamp"), tree(os.path.join("ashore", "lamp"))
shutil.rmtree("lamp", ignore_errors=True)
ashore = run("python", "-m", "lamp", cwd="ashore")
see({"shipped": shipped, "ashore": ashore, "before": before, "after": after, "there": there})
"""

STATUS = """
import os, sys
folder, name = sys.argv[1:]
file, said = os.path.join(folder, name + ".py"), []
os.mkdir(folder)
for text, date, flags in steps:
    open(file, "w").write(text)
    os.utime(file, (date, date))
    said.append(run("python", *flags, "cachekeeper.py", "status", file))
    if len(said) == 1:
        run("python", "-c", f"import {name}", cwd=folder)
see(said)
"""


@dataclass
class Stage:
    """The source as `status` finds it, how it is asked, and what is right."""

    when: str
    text: str
    date: float
    wanted: str
    flags: tuple[str, ...] = ()

    def by_hand(self, file):
        """The same as a line for a shell."""
        ask = " ".join(("python", *self.flags, "cachekeeper.py status", file))
        return f"echo -n '{self.text}' > {file}; touch -d @{self.date} {file}; {ask}"


MODULE = '''
def about():
    """Lit at dusk."""
with open("ran.txt", "a") as ran:
    ran.write(__name__)
LEVEL = __debug__, about.__doc__ is not None
'''
LEVELS = ((True, True), (False, True), (False, False))


@dataclass
class Where:
    """What WHERE reports."""

    here: str
    said: list[Ran]
    kept: list[str]


@dataclass
class Built:
    """What BUILD reports."""

    with_wreck: Ran
    beside_wreck: list[str]
    built: Ran
    ran: list[str]
    before: list[str]
    written: list[str]
    levels: list[str]


@dataclass
class Shipped:
    """What SHIP reports."""

    shipped: Ran
    ashore: Ran
    before: dict[str, str]
    after: dict[str, str]
    there: dict[str, str]


def unreadable(ran):
    """Whether Python could not even read cachekeeper.py."""
    first = ran.stderr.strip().partition("\n")[0]
    return first.startswith("File ") and "cachekeeper.py" in first


UNREADABLE = "Python can't even compile cachekeeper.py. Which line does it name, and what is the error?"


def why_of(why, *runs):
    """The question that fits, unless cachekeeper.py has a syntax error."""
    return UNREADABLE if any(map(unreadable, runs)) else why


@observation
def sources(project):
    """The modules whose bytecode is looked for."""
    return project.varied("names").names("mirror", "shutter", "wick", "beam", "shade", between="")


@observation
def where(project, sources):
    return project.workshop(WHERE, "gallery deck", *sources)


@observation
def modules(project):
    """The paths of three modules, at different depths of a folder; the second is in a package."""
    folder, *stems = project.varied("names").names("tower", "mirror", "shutter", "wick", between="")
    return folder, [
        f"{folder}/{stems[0]}.py",
        f"{folder}/deck/{stems[1]}.py",
        f"{folder}/deck/store room/.shelf-2/box/{stems[2]}.py",
    ]


NO_SOURCE = "occupy"
"""A file whose name ends with a source's letters, without the dot."""


@observation
def built(project, modules):
    folder, paths = modules
    files = dict.fromkeys([f"{folder}/deck/__init__.py", *paths], MODULE)
    other = f"{folder}/deck/{NO_SOURCE}"
    note = f"there are {', '.join(files)}, which write ran.txt when they are run, and {other}, which is no source"
    files[other] = "(((\n"
    return project.copy("ashore", note=note, files=files).workshop(BUILD, folder, *paths)


def first_build(folder, paths):
    """What BUILD does first, as lines for a shell."""
    return (
        f"echo 'def light(:' > {folder}/a_wreck.py; touch -d @1500000000 {shlex.join(paths)}",
        f"python -B cachekeeper.py build {folder}; echo $?",
        f"find {folder} -name '*.pyc'; find . -name ran.txt",
    )


def second_build(folder, paths):
    """What BUILD does after that."""
    return (
        f"rm {folder}/a_wreck.py",
        f'for f in {shlex.join(paths)}; do echo CHANGED = True >> "$f"; touch -d @1600000000 "$f"; done',
        f"touch -d @1500000000 {shlex.quote(paths[0])}",
        f"python -B cachekeeper.py build {folder}; echo $?",
    )


@observation
def lamp(project):
    """The docstring that the lamp gets, what it signals in a copy, and that copy."""
    numbers = project.varied("lamp")
    miles = numbers.randrange(5, 40)
    signals = {f"ship {number}": "short " * (number % 4) + "long" for number in numbers.sample(range(10, 100), 3)}
    files = {
        "lamp/signals.json": json.dumps(signals),
        "lamp/optics/lens.txt": f"{miles}\n",
        "lamp/optics/tide.pyc": "No source of mine is here.",
        "lamp/.harbour": "Merrow Head",
    }
    # Their names only look like those of sources and caches.
    others = ("lamp/cache", "lamp/__pycache__.txt", "lamp/optics/lens.py.txt")
    files |= dict.fromkeys(others, "Read by nobody.")
    docstring = f"The lamp at Merrow Head, lit {numbers.randrange(100, 1000)} times."
    lines = [f"{docstring} True", f"seen from {miles} miles"]
    lines += [f"{name}: {flashes}" for name, flashes in signals.items()]
    # Bytecode of the first level differs in nothing else.
    edits = {"lamp/__main__.py": ("print(lamp.__doc__)", "print(lamp.__doc__, __debug__)")}
    note = f"lamp/signals.json is {shlex.quote(json.dumps(signals))}, lamp/optics/lens.txt is {miles}; "
    note += f"there are lamp/optics/tide.pyc, without a source, lamp/.harbour, {', '.join(others)}; "
    note += "__main__.py prints __debug__, too"
    return docstring, lines, project.copy("lighthouse", note=note, files=files, edits=edits)


@observation
def shipped(lamp):
    docstring, _, copy = lamp
    return copy.workshop(SHIP, docstring)


@observation
def stages(project):
    """Stages of one source: it is imported after the first; the others come in any order."""
    varied = project.varied("stages")
    miles, other = varied.sample(range(10, 100), 2)
    date = varied.randrange(1_600_000_001, 1_700_000_000, 2)
    shift = varied.randrange(1000, 1_000_000)
    text, same_size, longer = f"MILE = {miles}", f"MILE = {other}", f"MILE = {miles}.5"
    later = [
        Stage("after its first import", text, date + 0.75, "fresh"),
        Stage("with another part of the same second as its date", text, date + 0.25, "fresh"),
        Stage("asked with -O, after the import without", text, date + 0.75, "missing", ("-O",)),
        Stage("with an older file of the same size in its place", same_size, date - shift + 0.25, "stale"),
        Stage("with a newer file of the same size in its place", same_size, date + shift + 0.25, "stale"),
        Stage("with a file of another size and the first one's date in its place", longer, date + 0.75, "stale"),
    ]
    varied.shuffle(later)
    return [Stage("before the first import", text, date + 0.75, "missing"), *later]


@observation
def told(project, sources, stages):
    """What `status` says at each stage."""
    steps = [(stage.text, stage.date, stage.flags) for stage in stages]
    return project.workshop(STATUS, "gallery deck", sources[0], given={"steps": steps})


def by_hand(name, flags, prefix, there):
    """Asking where the bytecode of a module goes, and an import of it, as lines for a shell."""
    variable = 'PYTHONPYCACHEPREFIX="$WORK/oil store"' if prefix else ""
    python = " ".join(filter(None, [variable, "python", flags]))
    ask, make = f"{python} cachekeeper.py where 'gallery deck/{name}.py'", f"touch 'gallery deck/{name}.py'"
    steps = [make, ask] if there == "there" else [ask, make]
    leave = f"(cd 'gallery deck' && {python} -c 'import {name}'); find . -name '{name}*.pyc'"
    return ["mkdir 'gallery deck'", *steps, leave]


def expect_places(seen, why, sources, first, last):
    """`where` prints where the import left the bytecode, in each of these ways."""
    found = expect(seen.shown_as(*by_hand(sources[first], *WAYS[first])), why).reported(Where)
    for number in range(first, last + 1):
        there = WAYS[number][2]
        looked = expect(seen.shown_as(*by_hand(sources[number], *WAYS[number])), why_of(why, *found.said))
        count = min(len(found.said), len(found.kept))
        looked.that(f"{len(WAYS)} answers", count == len(WAYS), f"{count} answers")
        said, kept = found.said[number], found.kept[number]
        path = os.path.relpath(kept, found.here)
        wanted = f"`where` for the source that is {there} ends with status 0, and prints\n{path}"
        printed = said.stdout.strip()
        same = os.path.normpath(os.path.join(found.here, printed)) == os.path.normpath(kept)
        looked.that(wanted, same and said.status == 0, said)


@check(points=10, clause=1)
def test_where(sources, where):
    """`where` prints the path of a source's bytecode, whether the source is there or not."""
    why = (
        "An import wrote its bytecode to another place. What is the file called, and what do the parts of its name "
        "mean?"
    )
    expect_places(where, why, sources, 0, 1)


@check(points=10, clause=2)
def test_where_optimised(sources, where):
    """Under `-O` and `-OO` it prints the path that is used with these flags."""
    why = "With such a flag Python makes other bytecode. How can it be kept beside the bytecode of other runs?"
    expect_places(where, why, sources, 2, 3)


@check(points=10, clause=3)
def test_where_prefix(sources, where):
    """With `PYTHONPYCACHEPREFIX` it prints a path in that folder."""
    why = "An environment variable says where bytecode goes. Which of your lines uses that?"
    expect_places(where, why, sources, 4, 4)


@check(points=15, clause=4)
def test_build(modules, built):
    """`build` writes bytecode for all three modes, below all folders, and Python uses it."""
    folder, paths = modules
    places = ":".join(f"$WORK/{os.path.dirname(path)}" for path in paths)
    stems = [os.path.basename(path)[:-3] for path in paths]
    load = "; ".join(["import " + ", ".join(stems), f"print([m.LEVEL for m in ({', '.join(stems)})])"])
    lines = [f'export PYTHONPATH="{places}"', f"for flag in '' -O -OO; do python $flag -c '{load}'; done"]
    ran = built.shown_as(*first_build(folder, paths), *second_build(folder, paths), *lines)
    seen = expect(ran, "Which step of build ends all of it?").reported(Built)
    why = (
        "Python was started without a flag, with -O and with -OO, and used or wrote what you see. Which bytecode did "
        "build write?"
    )
    if seen.written and set(seen.written) <= set(seen.before):
        why = (
            "There was bytecode, but Python wrote it again, since the sources had changed. What did the second build "
            "do?"
        )
    looked = expect(ran, why_of(why, seen.built))
    looked.ended("build", seen.built)
    written = sorted(seen.written)
    looked.none("nothing is left to write for Python", written, "Python had to write\n", between="\n")
    looked.that("bytecode", bool(seen.before), "none")
    for mode, level, printed in zip(("no flag", "-O", "-OO"), LEVELS, seen.levels, strict=False):
        wanted, came = repr([level] * len(paths)), printed.strip() or "nothing"
        looked.that(f"LEVEL of the modules, imported with {mode}, is\n{wanted}", wanted == came, came)
    looked.equal("the number of modes", len(LEVELS), len(seen.levels))


@check(points=10, clause=5)
def test_build_runs_nothing(modules, built):
    """`build` doesn't run what it compiles."""
    why = "Each module writes ran.txt when it is run. What did build do with the modules to get bytecode?"
    ran = built.shown_as(*first_build(*modules))
    seen = expect(ran, why).reported(Built)
    looked = expect(ran, why_of(why, seen.built))
    looked.none("no module has run", sorted(set(seen.ran)), "build left ")
    looked.that("bytecode all the same", bool(seen.before), seen.built)


@check(points=10, clause=6)
def test_build_goes_on(modules, built):
    """A syntax error in one file gives status 1, and the other files are still compiled."""
    why = (
        "One file can't be compiled. What happens to the files after it, and does your program still know of the "
        "error at its end?"
    )
    folder, paths = modules
    ran = built.shown_as(*first_build(folder, paths))
    seen = expect(ran, why).reported(Built)
    looked = expect(ran, why_of(why, seen.with_wreck))
    compiled = {os.path.basename(path).partition(".")[0] for path in seen.beside_wreck}
    # Who passes over hidden folders has paid for that in test_build.
    others = [path for path in paths if "/." not in path]
    missing = [path for path in others if os.path.basename(path)[:-3] not in compiled]
    looked.that(f"bytecode of {', '.join(others)}", not missing, f"none of {', '.join(missing)}\n{seen.with_wreck}")
    looked.ended("build", seen.with_wreck, 1)
    looked = expect(built.shown_as(*first_build(folder, paths), *second_build(folder, paths)), why)
    looked.that("build ends with status 0 where nothing is wrong", seen.built.status == 0, seen.built)


@check(points=20, clause=7)
def test_ship(lamp, shipped):
    """The shipped folder runs like the original, without it and without any source."""
    docstring, lines, _ = lamp
    docstring = shlex.quote(f'"{docstring}"')
    ran = shipped.shown_as(
        "python -m lamp",
        f"echo {docstring} > lamp/__init__.py && ls -aR lamp",
        "mkdir ashore && python -OO cachekeeper.py ship lamp ashore/lamp; echo $?",
        "ls -aR lamp ashore/lamp; rm -r lamp; cd ashore && python -m lamp",
    )
    why = "The contractor has only this folder. Look at each file: is it in the place where Python will look for it?"
    seen = expect(ran, why).reported(Shipped)
    looked = expect(ran, why_of(why, seen.shipped))
    looked.ended("ship", seen.shipped)
    before, after = ({n: t for n, t in tree.items() if not cached(n)} for tree in (seen.before, seen.after))
    wanted = {shipped_name(name): text if shipped_name(name) == name else "" for name, text in before.items()}
    looked.that("in ashore/lamp: " + listed(wanted), wanted.keys() == seen.there.keys(), listed(seen.there))
    other = [name for name, text in wanted.items() if text and seen.there[name] != text]
    looked.none("the other files are the same", other, "another ")
    why = "All files are there. From which version of the source was each made, and by a Python with which flags?"
    looked = expect(ran, why)
    same = seen.ashore.lines == lines and seen.ashore.status == 0
    looked.that("\n".join(["python -m lamp, in ashore, prints", *lines]), same, seen.ashore)
    looked = expect(ran, "People still work with the original. What did ship add there, or remove?")
    looked.that("lamp as it was before: " + listed(before), before == after, listed(after))
    gone = sorted(seen.before.keys() - seen.after.keys())
    looked.none("the bytecode that lamp had before", gone, "gone is ")


@check(points=15, clause=8)
def test_status(stages, told, sources):
    """`status` tells missing, stale and fresh bytecode apart."""
    file = f"'gallery deck/{sources[0]}.py'"
    first, *later = (stage.by_hand(file) for stage in stages)
    load = f"(cd 'gallery deck' && python -c 'import {sources[0]}')"
    ran = told.shown_as("mkdir 'gallery deck'", first, load, *later)
    why = "When does Python use bytecode, and where does it find the values that it compares?"
    said = expect(ran, why).reported(list[Ran])
    looked = expect(ran, why_of(why, *said))
    looked.that(f"{len(stages)} answers", len(said) == len(stages), f"{len(said)} answers")
    for stage, answer in zip(stages, said, strict=True):
        right = answer.stdout.strip() == stage.wanted and answer.status == 0
        looked.that(f"`status`, {stage.when}, ends with status 0 and prints {stage.wanted}", right, answer)


def cached(name):
    """Whether a file lies in a `__pycache__`."""
    return "__pycache__" in name.split(os.sep)


def shipped_name(name):
    """What a file is called when it is shipped."""
    return name + "c" if name.endswith(".py") else name


def listed(tree):
    """The names of files, in words."""
    return ", ".join(sorted(tree)) or "no file"
