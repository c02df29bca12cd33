"""Checks of 10 search_order."""

import json
import os
import shlex
import sys
import zipfile
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES

from grader.checks import Ran, check, expect, observation

BUILT_IN = ("_thread", "_warnings", "_weakref", "builtins", "marshal")
FROZEN = ("_frozen_importlib_external", "zipimport")
"""In the interpreter itself on all versions; the README shows none of them."""

ORDERS = (("attic", "map room", "cellar"), ("cellar", "attic", "map room"), ("cellar", "map room", "attic"))
"""Of three folders: neither that of their names, nor its reverse."""

TRAP = 'open(__file__ + ".was.run", "w")'

ASK = """
def ask(name):
    path = [os.path.abspath("hatstand"), os.path.abspath("shelf")]
    return run("python", "office/whence.py", name, env={"PYTHONPATH": os.pathsep.join(path)})
known, unknown = ask(sys.argv[1]), ask(sys.argv[2])
see({"known": known, "unknown": unknown, "shelf": sorted(os.listdir("shelf")), "cwd": os.getcwd()})
"""

STANDARD = """
from importlib.machinery import PathFinder
found = {name: PathFinder.find_spec(name) for name in names}
see({name: found[name] and found[name].origin for name in names})
"""


@dataclass
class Asked:
    """What ASK reports."""

    known: Ran
    unknown: Ran
    shelf: list[str]
    cwd: str


def two_names(project):
    """Module names that are new for each edit of the submission, so no file of the learner's has them."""
    return [f"soundings_{number}" for number in project.varied("name").sample(range(1000, 10000), 2)]


def a_name(project):
    """One of them."""
    return two_names(project)[0]


def extensions(project):
    """The endings of extension modules, shortest first; the judge's own, for the version that runs the project."""
    ours, (major, minor) = f"{sys.version_info[0]}{sys.version_info[1]}", project.virtualenv.interpreter.minor
    return sorted((suffix.replace(ours, f"{major}{minor}") for suffix in EXTENSION_SUFFIXES), key=len)


def office(project, place, *files, archives=(), text=""):
    """A copy of the project in the folder `office`, beside it some files, and archives of empty files."""
    made = sorted({name.rpartition("/")[0] for name in files})
    note = f"mkdir -p {shlex.join(made)} && touch {shlex.join(files)}"
    note += "".join(f"; {archive} is a zip archive that holds {inner}" for archive, inner in archives)
    note += f"; that file says {text}" if text else ""

    def pack(top):
        for archive, inner in archives:
            with zipfile.ZipFile(top / archive, "w") as opened:
                opened.writestr(inner, "")

    return project.copy(place, inside="office", note=note, files=dict.fromkeys(files, text), change=pack)


def ask(copy, name, *path, options=(), cwd=None):
    """Run whence.py for a name, with folders of the copy on PYTHONPATH."""
    return copy.on_path(*path).python(*options, copy / "office/whence.py", name, cwd=cwd)


@observation
def in_order(project):
    """Three copies behind one folder or more that has none."""
    name, varied = a_name(project), project.varied("order")
    shelves, bare = varied.choice(ORDERS), ("hall", "stairs", "landing")[: varied.randrange(1, 4)]
    files = [*(f"{shelf}/{name}.py" for shelf in shelves), *(f"{place}/notes.txt" for place in bare)]
    copy = office(project, "first floor", *files)
    return copy, [f"{shelf}/{name}.py" for shelf in shelves], name, ask(copy, name, *bare, *shelves)


@observation
def repeated(project):
    """One place's path is the beginning of another one's, and entries come twice."""
    name = a_name(project)
    shelves = ("map room", "cellar", "map", "attic")
    copy = office(project, "second floor", "hall/notes.txt", *(f"{shelf}/{name}.py" for shelf in shelves))
    path = ("map room", "cellar", "nowhere", "hall/notes.txt", "map room", "map", "cellar", "attic")
    return copy, [f"{shelf}/{name}.py" for shelf in shelves], ask(copy, name, *path, options=["-S"])


@observation
def built_in(project):
    name = project.varied("built-in").choice(BUILT_IN)
    copy = office(project, "third floor", f"shelf/{name}.py", f"attic/{name}.py")
    return copy, name, ask(copy, name, "shelf", "attic")


@observation
def frozen(project):
    name = project.varied("frozen").choice(FROZEN)
    copy = office(project, "fourth floor", f"shelf/{name}.py", f"attic/{name}.py")
    return copy, name, ask(copy, name, "shelf", "attic")


@observation
def namespaces(project):
    name = a_name(project)
    portions = [f"{place}/{name}/notes.txt" for place in ("attic", "loft", "cellar")]
    copy = office(project, "fifth floor", *portions, f"cellar/{name}.py")
    return copy, name, ask(copy, name, "attic", "loft", "cellar"), ask(copy, name, "attic", "loft")


@observation
def kinds(project):
    """Each place lacks the kind that wins in the one before; the last ones hold what is seldom seen."""
    name, native = a_name(project), extensions(project)
    every = (f"{name}/__init__.py", f"{name}{native[-1]}", f"{name}.py", f"{name}.pyc")
    wanted = {shelf: every[first:] for first, shelf in enumerate(("rack", "shelf", "chest", "drawer"))}
    wanted["box"] = (f"{name}{native[0]}", f"{name}.py")
    wanted["bag"] = (f"{name}/__init__{native[-1]}", f"{name}{native[0]}")
    wanted["tin"] = (f"{name}/__init__.pyc", f"{name}.py")
    major, minor = project.virtualenv.interpreter.minor
    none = f"cupboard/__pycache__/{name}.cpython-{major}{minor}.pyc", f"cupboard/{name}.py/notes.txt"
    files = [f"{shelf}/{file}" for shelf, files in wanted.items() for file in files]
    copy = office(project, "sixth floor", *none, *files)
    return copy, [f"{shelf}/{files[0]}" for shelf, files in wanted.items()], ask(copy, name, "cupboard", *wanted)


@observation
def beside(project):
    copy = office(project, "seventh floor", "office/wave.py", "quay/wave.py", "shelf/wave.py")
    return copy, *(ask(copy, "wave", "shelf", options=options, cwd=copy / "quay") for options in ([], ["-I"]))


@observation
def archives(project):
    name = a_name(project)
    # The ending doesn't make an archive.
    packed = (("old.egg", f"{name}.py"), ("older", f"{name}/__init__.py"), ("oldest.zip", f"tapes/{name}.py"))
    copy = office(project, "eighth floor", f"shelf/{name}.py", archives=packed)
    # At the root of the last archive there is nothing of that name, only in a folder.
    return copy, name, ask(copy, name, "oldest.zip", "old.egg", "shelf", "older", "oldest.zip/tapes")


@observation
def trapped(project):
    name, unknown = two_names(project)
    copy = office(project, "ninth floor", f"shelf/{name}.py", text=TRAP)
    return name, unknown, copy.workshop(ASK, name, unknown)


@observation
def standard(project):
    """The files of two standard modules, as the interpreter finds them before it looks elsewhere."""
    return project.probe(STANDARD, given={"names": ["wave", *FROZEN]}, options=["-I"])


def answer(looked, seen):
    """The JSON object that was printed."""
    found = seen.json
    is_answer = (
        isinstance(found, dict)
        and isinstance(found.get("name"), str)
        and isinstance(found.get("winner", 0), str | None)
        and isinstance(found.get("also"), list)
        and all(isinstance(file, str) for file in found["also"])
    )
    wanted = "a JSON object with name, winner and also, as agreed, and nothing else on stdout"
    looked.that(wanted, is_answer, seen.printed)
    return found


def expect_answer(seen, why, *, winner, also=None, name=None, status=0):
    """The answer has these values; what is None is not looked at, but a winner always is."""
    looked = expect(seen, why)
    found = answer(looked, seen)
    if name is not None:
        looked.equal("name", name, found["name"])
    expect_winner(looked, winner, found["winner"])
    if also is not None:
        looked.that(f"also is {shown(also)}", same_paths(also, found["also"]), f"also is {shown(found['also'])}")
    looked.status(status)


def expect_winner(looked, wanted, found):
    """The winner is a kind of module, a file or none."""
    looked.that(f"winner is {shown(wanted)}", same_paths([wanted], [found]), f"winner is {shown(found)}")


def same_paths(wanted, found):
    """Whether these are the same values, in the same order; paths may be spelt in another way, if absolute."""
    return len(wanted) == len(found) and all(map(is_same, wanted, found))


def is_same(wanted, found):
    if wanted is None or found is None or not os.path.isabs(wanted) or not os.path.isabs(found):
        return wanted == found
    # The standard library may be reached through a link.
    return os.path.normpath(found) in (os.path.normpath(wanted), os.path.realpath(wanted))


def shown(value):
    return json.dumps(value)


def files(copy, *names):
    """Paths in a copy as text."""
    return [str(copy / name) for name in names]


def standard_file(standard, name):
    """Where the interpreter itself finds a standard module. No learner code runs in that program."""
    return expect(standard, "Where does Python find the modules of the interpreter itself?").reported(
        dict[str, str | None]
    )[name]


@check(points=15, clause=(1, 2))
def test_first_on_the_path(in_order, repeated):
    """The first copy on the path wins."""
    copy, paths, name, seen = in_order
    why = "Several folders hold a copy. In which order does Python search them, and which list has this order?"
    expect_answer(seen, why, name=name, winner=str(copy / paths[0]))
    copy, paths, seen = repeated
    expect_answer(seen, why, winner=str(copy / paths[0]))


@check(points=15, clause=3)
def test_hidden_copies(in_order, repeated):
    """The copies behind it are listed in order, each place once."""
    why = "Python stops at the first copy. How do you find the others, and how often do you look at each place?"
    for copy, paths, *_, seen in (in_order, repeated):
        expect_answer(seen, why, winner=str(copy / paths[0]), also=files(copy, *paths[1:]))


@check(points=10, clause=2)
def test_built_in_and_frozen(built_in, frozen, standard):
    """A module of the interpreter itself wins over every file."""
    why = (
        "A file of that name is on the path, even in its first folder. Where does Python look before it searches the "
        "path?"
    )
    copy, name, seen = built_in
    expect_answer(seen, why, winner="built-in", also=files(copy, f"shelf/{name}.py", f"attic/{name}.py"))
    copy, name, seen = frozen
    ours = [file for file in [standard_file(standard, name)] if file]
    expect_answer(seen, why, winner="frozen", also=[*files(copy, f"shelf/{name}.py", f"attic/{name}.py"), *ours])


@check(points=15, clause=5)
def test_namespace_waits(namespaces):
    """A folder without `__init__` neither wins nor is listed."""
    copy, name, before, alone = namespaces
    why = "A folder of that name, without __init__, comes first. When does Python use such a folder, if at all?"
    expect_answer(before, why, winner=str(copy / f"cellar/{name}.py"), also=[])
    expect_answer(alone, why, winner=None, also=[], status=1)


@check(points=10, clause=4)
def test_kinds_in_a_folder(kinds):
    """In one folder, package, extension, source and bytecode come in this order, and one of them counts."""
    copy, paths, seen = kinds
    why = (
        "One folder has several files for this name. Which of them does Python take, and what should happen to the "
        "others?"
    )
    winner, *also = files(copy, *paths)
    expect_answer(seen, why, winner=winner, also=also)


@check(points=15, clause=6)
def test_start_of_the_path(beside, standard):
    """The copy beside whence.py wins, unless the interpreter is isolated; the working directory doesn't count."""
    copy, seen, isolated = beside
    why = (
        "There are copies beside whence.py, in the working directory and on PYTHONPATH. What does Python put on "
        "sys.path when it starts?"
    )
    wave = standard_file(standard, "wave")
    expect_answer(seen, why, winner=str(copy / "office/wave.py"), also=[str(copy / "shelf/wave.py"), wave])
    expect_answer(isolated, why, winner=wave, also=[])


@check(points=10, clause=7)
def test_archives(archives):
    """An archive on the path is a place like any other."""
    copy, name, seen = archives
    why = (
        "Not every entry of sys.path is a folder. What can read modules from an archive, and what is the path of a "
        "file there?"
    )
    also = files(copy, f"shelf/{name}.py", f"older/{name}/__init__.py", f"oldest.zip/tapes/{name}.py")
    expect_answer(seen, why, winner=str(copy / f"old.egg/{name}.py"), also=also)


@check(points=10, clause=(1, 8))
def test_not_executed(trapped):
    """It finds a module without running it, and its status shows if there is none."""
    name, unknown, seen = trapped
    why = (
        "The file leaves a trace when it is run. Which step of an import is enough to know which file Python would "
        "take?"
    )
    looked = expect(seen, why)
    asked = looked.reported(Asked)
    found = answer(looked, asked.known)
    expect_winner(looked, os.path.join(asked.cwd, "shelf", f"{name}.py"), found["winner"])
    looked.equal("the exit status for it", 0, asked.known.status)
    looked.that("the shelf holds that file alone", asked.shelf == [f"{name}.py"], ", ".join(asked.shelf))
    expect_winner(looked, None, answer(looked, asked.unknown)["winner"])
    looked.equal(f"the exit status for {unknown}", 1, asked.unknown.status)
