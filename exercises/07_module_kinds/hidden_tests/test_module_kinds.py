"""Checks of 07 module_kinds."""

import json
import zipfile
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

KINDS = """
from inventory import kind
see({name: kind(name) for name in names})
"""

# Which modules are frozen besides those that always are, is for the interpreter to say.
PARTS = """
import _imp
wanted = {name: "frozen" if _imp.is_frozen(name) else "source" for name in library}
from inventory import kind
see({"wanted": wanted, "kinds": {name: kind(name) for name in [*names, *library]}})
"""

# Paths are arguments: so the learner is shown them as the shell's variables.
PACKAGES = """
import py_compile, sys
from importlib import import_module
py_compile.compile(sys.argv[1], shed + "/__init__.pyc")
from inventory import kind
early = kind(box)
sys.path.append(sys.argv[2])
before = {name: kind(name) for name in names}
for name in names:
    import_module(name)
after = {name: kind(name) for name in names}
see({"early": early, "before": before, "after": after})
"""

EXTENSIONS = """
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
names = {f"{gauge}_{number}": suffix for number, suffix in enumerate(EXTENSION_SUFFIXES)}
for name, suffix in names.items():
    Path(name + suffix).touch()
Path(notes + EXTENSION_SUFFIXES[0] + ".py").touch()
Path(notes + ".txt").touch()
Path(scale + ".py").touch()
from inventory import kind
others = {name: kind(name) for name in (notes, scale)}
see({"others": others, "kinds": {suffix: kind(name) for name, suffix in names.items()}})
"""

BYTECODE = """
import py_compile, sys
from importlib import import_module
from importlib.util import cache_from_source
py_compile.compile(sys.argv[1], lamp + ".pyc")
py_compile.compile(sys.argv[1], cache_from_source(wick + ".py"))
from inventory import kind
before = {name: kind(name) for name in (lamp, wick)}
import_module(lamp)
after = {lamp: kind(lamp)}
see({"before": before, "after": after})
"""

# One of the namespaces has two places: this folder, and one in the copy.
NAMESPACES = """
from importlib import import_module
from pathlib import Path
Path(depot).mkdir()
Path(depot, east + ".py").touch()
from inventory import kind
before = {name: kind(name) for name in names}
for name in names:
    import_module(name)
after = {name: kind(name) for name in names}
see({"before": before, "after": after})
"""

TRAPS = """
import py_compile, sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
py_compile.compile(sys.argv[1], hatch + ".pyc")
Path(gauge + EXTENSION_SUFFIXES[-1]).touch()
loads = []
sys.addaudithook(lambda event, about: loads.append(about[0]) if event == "import" else None)
from inventory import kind
def outcome(name):
    try:
        return kind(name)
    except BaseException as error:
        return repr(error)
kinds = {name: outcome(name) for name in names}
ran = sorted(map(str, Path().glob("*.ran")))
tried = [name for name in names if name in loads or name in sys.modules]
see({"kinds": kinds, "ran": ran, "tried": tried})
"""

TRAP = """
open(__name__ + ".ran", "w").close()
raise SystemExit(f"{__name__} runs!")
"""

LIBRARY = ("_collections_abc", "_sitebuiltins", "abc", "codecs", "genericpath", "io", "stat")
"""Modules of the standard library that some versions have frozen; a few are asked for."""

WORDS = (
    "anchor", "barge", "buoy", "crane", "depot", "ferry", "gauge", "hatch", "lamp", "lock", "mast", "office", "pump",
    "quay", "sluice", "tally", "valve", "wick",
)  # fmt: skip
"""How names of modules begin, whatever they are: a word tells nothing."""

BUILTIN = ("_io", "_signal", "_thread", "_warnings", "_weakref", "gc", "marshal")
"""What an interpreter needs to begin at all, and so is compiled into each; a few are asked for."""


@dataclass
class Twice:
    """What is said of modules before and after they were imported."""

    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class Packages(Twice):
    """What PACKAGES reports: `early` is said before the archive is on the path."""

    early: Any


@dataclass
class Parts:
    """What PARTS reports."""

    wanted: dict[str, str]
    kinds: dict[str, Any]


@dataclass
class Extensions:
    """What EXTENSIONS reports."""

    others: dict[str, Any]
    kinds: dict[str, Any]


@dataclass
class Traps:
    """What TRAPS reports."""

    kinds: dict[str, Any]
    ran: list[str]
    tried: list[str]


def new_names(project, purpose, count):
    """So many names of modules that nobody knows yet."""
    varied = project.varied(purpose)
    return [varied.name(word) for word in varied.sample(WORDS, count)]


def with_files(project, *empty, traps=(), archive=()):
    """A copy with these files, on the path; one whose name ends with a slash is a folder.

    `archive` is what stores.zip holds.
    """

    def put(copy):
        for name in empty:
            if name.endswith("/"):
                (copy / name).mkdir()
        if archive:
            with zipfile.ZipFile(copy / "stores.zip", "w") as stores:
                for name in archive:
                    stores.writestr(name, "")

    files = {name: "" for name in empty if not name.endswith("/")} | dict.fromkeys(traps, TRAP)
    kinds = {"new and empty": empty, "new, leaves a file behind and exits when it is run": traps, "stores.zip": archive}
    note = "\n".join(f"{how}: {', '.join(kinds[how])}" for how in kinds if kinds[how])
    return project.copy(note=note, files=files, change=put).on_path()


@observation
def interpreter(project):
    builtin = ["sys", "_imp", *project.varied("builtin").sample(BUILTIN, 3)]
    frozen = ["zipimport", "_frozen_importlib", "__hello__"]
    wanted = dict.fromkeys(builtin, "builtin") | dict.fromkeys(frozen, "frozen")
    given = {"names": [*wanted], "library": project.varied("library").sample(LIBRARY, 3)}
    return wanted, project.on_path().probe(PARTS, given=given)


@observation
def packages(project):
    office, desk, shed, tally, box = new_names(project, "packages", 5)
    wanted = {"json": "package", "json.tool": "source", office: "package", f"{office}.{desk}": "source"}
    wanted |= {tally: "source"}
    files = f"{office}/__init__.py", f"{office}/{desk}.py", f"{tally}.py"
    copy = with_files(project, *files, archive=[f"{box}/__init__.py"])
    given = {"shed": shed, "box": box, "names": [*wanted, shed, box]}
    seen = copy.probe(PACKAGES, copy / f"{tally}.py", copy / "stores.zip", given=given)
    return box, wanted | {shed: "package"}, seen


@observation
def extensions(project):
    gauge, notes, scale = new_names(project, "extensions", 3)
    return project.on_path().probe(EXTENSIONS, given={"gauge": gauge, "notes": notes, "scale": scale})


@observation
def bytecode(project):
    empty, lamp, wick = new_names(project, "bytecode", 3)
    copy = with_files(project, f"{empty}.py")
    return lamp, wick, copy.probe(BYTECODE, copy / f"{empty}.py", given={"lamp": lamp, "wick": wick})


@observation
def namespaces(project):
    depot, north, crate, office, papers, east = new_names(project, "namespaces", 6)
    wanted = {depot: "namespace", f"{depot}.{north}": "namespace", f"{depot}.{north}.{crate}": "source"}
    wanted[f"{depot}.{east}"] = "source"
    wanted |= {f"{office}.{papers}": "namespace"}
    copy = with_files(project, f"{depot}/{north}/{crate}.py", f"{office}/__init__.py", f"{office}/{papers}/")
    return wanted, copy.probe(NAMESPACES, given={"depot": depot, "east": east, "names": [*wanted]})


@observation
def missing(project):
    """Names that aren't there, and some that are."""
    nope, sub, ledger, office, desk = new_names(project, "missing", 5)
    names = [nope, f"{nope}.{sub}", f"sys.{nope}", f"json.{nope}", f"json.tool.{nope}", f"os.path.{nope}"]
    names += [f"{ledger}.{desk}", f"{office}.{nope}", f"{office}.{desk}.{nope}", f"{nope}.{desk}.{sub}"]
    # The last part of each is the name of a module, and not of one in that package.
    names += ["json.sys", "json.zipimport", f"{office}.{ledger}", f"{office}.json"]
    there = ["sys", "json.tool", ledger, office, f"{office}.{desk}"]
    copy = with_files(project, f"{ledger}.py", f"{office}/__init__.py", f"{office}/{desk}.py")
    return names, there, copy.probe(KINDS, given={"names": names + there})


@observation
def traps(project):
    sluice, pump, office, valve, lock, gate, hatch, gauge = new_names(project, "traps", 8)
    files = f"{sluice}.py", f"{pump}/__init__.py", f"{office}/{valve}.py", f"{lock}.py"
    copy = with_files(project, f"{office}/__init__.py", traps=files)
    wanted = {sluice: "source", f"{office}.{valve}": "source", f"{lock}.{gate}": "missing"}
    given = {"hatch": hatch, "gauge": gauge, "names": [pump, *wanted, hatch, gauge, "__hello__"]}
    return lock, wanted, copy.probe(TRAPS, copy / f"{sluice}.py", given=given)


@observation
def program(project):
    crate, nope = new_names(project, "program", 2)
    wanted = {"json.tool": "source", crate: "source", "sys": "builtin", nope: "missing"}
    copy = with_files(project, archive=[f"{crate}.py"])
    return wanted, copy.on_path("stores.zip").python("-m", "inventory", *wanted, cwd=copy.path)


def expect_kinds(looked, wanted, found, when=""):
    """The kinds are these; the message names those that are not."""
    wrong = [name for name in wanted if found.get(name) != wanted[name]]
    expected, came = ("\n".join(f"{name}: {kinds.get(name)}" for name in wrong) for kinds in (wanted, found))
    looked.that(f"{when}{expected}", not wrong, f"{when}{came}")


def expect_twice(looked, wanted):
    """The kinds are these, before and after the import."""
    seen = looked.reported(Twice)
    expect_kinds(looked, wanted, seen.before, "before the import\n")
    expect_kinds(looked, wanted, seen.after, "after the import\n")


@check(points=15, clause=1)
def test_interpreter(interpreter):
    """Modules of the interpreter itself are builtin or frozen."""
    why = "None of these is read from a file. Which loader would load each of them, and what is the origin in its spec?"
    wanted, probe = interpreter
    looked = expect(probe, why)
    seen = looked.reported(Parts)
    expect_kinds(looked, wanted | seen.wanted, seen.kinds)


@check(points=15, clause=(1, 4))
def test_packages(packages):
    """A package is a package, whatever kind of file its own code is in."""
    box, wanted, probe = packages
    why = "A package may come from a .py file like other modules, or from another one. What makes it a package?"
    expect_twice(expect(probe, why), wanted)
    why = f"{box} is in an archive, which comes to sys.path after the first question. Who looks there, and when?"
    looked = expect(probe, why)
    seen = looked.reported(Packages)
    looked.equal(f"kind({box!r}) while its archive is not on sys.path", "missing", seen.early)
    expect_kinds(looked, {box: "package"}, seen.before, "with its archive on sys.path\n")
    expect_kinds(looked, {box: "package"}, seen.after, "after the import\n")


@check(points=10, clause=1)
def test_extension(extensions):
    """A file with any suffix of extension modules is an extension module, even if it can't be loaded."""
    why = "These files are empty and can't be loaded. How does Python decide what kind of module a file is?"
    looked = expect(extensions, why)
    found = looked.reported(Extensions)
    looked.that("one kind or more", bool(found.kinds), "none")
    expect_kinds(looked, dict.fromkeys(found.kinds, "extension"), found.kinds)
    looked = expect(
        extensions, "Not every file is an extension module. Which part of a file's name does Python look at?"
    )
    looked.none("no other file taken for one", [name for name, its in found.others.items() if its == "extension"])


@check(points=10, clause=(1, 4))
def test_bytecode(bytecode):
    """A `.pyc` is loaded without its source in one place, and not in the other."""
    lamp, wick, seen = bytecode
    why = "Both modules have only bytecode, in two places. In which place does Python look if there is no source?"
    looked = expect(seen, why)
    found = looked.reported(Twice)
    expect_kinds(looked, {lamp: "bytecode", wick: "missing"}, found.before, "before the import\n")
    expect_kinds(looked, {lamp: "bytecode"}, found.after, "after the import\n")


@check(points=15, clause=(1, 4))
def test_namespace(namespaces):
    """A folder without `__init__` is a namespace, before and after it was imported."""
    wanted, seen = namespaces
    why = "These folders have no code of their own. What is missing in such a spec, and does importing it change that?"
    expect_twice(expect(seen, why), wanted)


@check(points=15, clause=2)
def test_missing(missing):
    """A name that can't be found is missing, for any reason."""
    names, there, seen = missing
    why = "None of these can be found. In which two ways does Python tell you, and what changes if the name has a dot?"
    looked = expect(seen, why)
    kinds = looked.reported(dict[str, Any])
    expect_kinds(looked, dict.fromkeys(names, "missing"), kinds)
    looked = expect(seen, "Python finds each of these. What is in their specs that isn't in the others?")
    looked.none("nothing missing that is there", [name for name in there if kinds.get(name) == "missing"])


@check(points=10, clause=3)
def test_not_run(traps):
    """Modules are found, and not run."""
    lock, wanted, probe = traps
    why = "These must not run. Which steps does an import have, and after which step do you know the kind?"
    looked = expect(probe, why)
    seen = looked.reported(Traps)
    ran = [name for name in seen.ran if name != f"{lock}.ran"]
    looked.none("no trap that runs", ran)
    looked.none("nobody imports what is asked about", seen.tried, "imports of ")
    expect_kinds(looked, {name: wanted[name] for name in wanted if lock not in name}, seen.kinds)
    why = (
        f"In {lock}.gate, the name before the dot isn't a package. Which call runs it to find that out, and can you "
        "know it earlier?"
    )
    looked = expect(probe, why)
    looked.none(f"{lock} does not run", seen.ran)
    expect_kinds(looked, wanted, seen.kinds)


@check(points=10, clause=5)
def test_program(program, interpreter):
    """`python -m inventory` prints the kinds as JSON, modules in an archive included."""
    wanted, seen = program
    why = (
        "Another program reads what inventory prints. What does it get, and how does Python find modules in an archive?"
    )
    looked = expect(seen, why).status(0)
    looked.that(json.dumps(wanted), seen.json == wanted, seen.printed)
    imported = interpreter[1]
    looked = expect(imported, "Here inventory is only imported, to use kind. Which of its lines are for the program?")
    looked.that("nothing on stdout", not imported.stdout, imported.printed)
