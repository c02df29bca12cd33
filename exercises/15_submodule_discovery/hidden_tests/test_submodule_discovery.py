"""Checks of 15 submodule_discovery."""

import sys
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Any

from grader.checks import check, expect, observation

HARBOUR = "harbourmaster/berths"
GIVEN = ("dry", "north", "south")

FAULTS = {
    "fogbound": ('import sys; sys.fog = RuntimeError("fog"); raise sys.fog', "RuntimeError"),
    "ropeless": ("import no_such_rope", "ModuleNotFoundError"),
    "misspelt": ("this is no Python", "SyntaxError"),
}
"""Drivers that can't be imported: what they hold, and the exception of each."""

SOUND = "bound"
"""A sound driver whose name is a part of a faulty one's."""

NO_DRIVERS = ("_util", "dry.gate", "rope_locker", "failed", "available", "__init__", "__path__", "", "..")
"""Names that lead somewhere, and to no driver."""

LATE = "import sys; BERTH = sys.mended"

LIST = """
import sys
runs = []
sys.addaudithook(lambda event, of: runs.append(of[0].co_filename) if event == "exec" else None)
from harbourmaster import berths
available = berths.available()
see({"available": available, "kind": type(available).__name__, "runs": runs})
"""

# Where drivers are loaded threading is imported: a right answer may load each of them in a thread of its own.
LOAD = """
import sys, threading
from harbourmaster import berths
runs, seen = [], {}
sys.addaudithook(lambda event, of: runs.append(of[0].co_filename) if event == "exec" else None)
def load(name):
    before, driver = len(runs), berths.load(name)
    kept, again = sys.modules.get("harbourmaster.berths." + name), berths.load(name)
    found = {"berth": getattr(driver, "BERTH", None), "runs": runs[before:], "shown": repr(driver)}
    return found | {"kept": kept is driver, "again": again is driver}
seen[first] = load(first)
seen[second] = load(second)
seen[third] = load(third)
see(seen)
"""

RAISED = """
import sys, threading
from harbourmaster import berths
south, runs = berths.load("south"), []
sys.addaudithook(lambda event, of: runs.append(of[0].co_filename) if event == "exec" else None)
def outcome(name):
    before, error = len(runs), None
    try:
        berths.load(name)
    except Exception as caught:
        error = caught
    found = {"kind": type(error).__name__, "lookup": isinstance(error, LookupError), "runs": runs[before:]}
    return found | {"fog": error is getattr(sys, "fog", "not yet")}
raised = {name: outcome(name) for name in names}
see({"BERTH": south.BERTH, "raised": raised})
"""

LOAD_ALL = """
import sys, threading
from harbourmaster import berths
def call():
    drivers = berths.load_all()
    right = [name for name in drivers if drivers[name] is sys.modules.get("harbourmaster.berths." + name)]
    failed = {name: type(error).__name__ for name, error in berths.failed.items()}
    return {"drivers": list(drivers), "right": right, "failed": failed}
seen = [call()]
sys.mended = True
seen += [call()]
see(seen)
"""

MORE_PLACES = """
import threading
from harbourmaster import berths
seen = {"before": berths.available()}
berths.__path__.append(folder)
seen["after"] = berths.available()
seen |= {name: berths.load(name).BERTH for name in names}
seen["load_all"] = sorted(berths.load_all())
see(seen)
"""

ARCHIVE = """
import pathlib, sys, threading, zipfile
with zipfile.ZipFile("harbour.zip", "w") as archive:
    project = pathlib.Path(folder)
    for path in sorted(project.rglob("*")):
        archive.write(path, path.relative_to(project))
    archive.writestr("harbourmaster/berths/" + name + ".py", "BERTH = 7")
    archive.writestr(ashore + "/__init__.py", "")
    archive.writestr(ashore + "_too.py", "")
sys.path.insert(0, "harbour.zip")
from harbourmaster import berths
seen = {"file": berths.__file__, "available": berths.available(), "BERTH": berths.load(name).BERTH}
seen["load_all"], seen["failed"] = sorted(berths.load_all()), sorted(berths.failed)
see(seen)
"""


@dataclass
class Listed:
    """What LIST reports."""

    available: Any
    kind: str
    runs: list[str]


@dataclass
class Loaded:
    """What LOAD reports of each driver."""

    berth: Any
    runs: list[str]
    shown: str
    kept: bool
    again: bool


@dataclass
class Raising:
    """What RAISED reports of a load that can't succeed."""

    kind: str
    lookup: bool
    runs: list[str]
    fog: bool

    @property
    def came(self):
        """What it raised, in words."""
        return "nothing" if self.kind == "NoneType" else self.kind


@dataclass
class Raised:
    """What RAISED reports."""

    BERTH: Any
    raised: dict[str, Raising]


@dataclass
class AllLoaded:
    """What LOAD_ALL reports of each call."""

    drivers: list[str]
    right: list[str]
    failed: dict[str, str]


@dataclass
class Archived:
    """What ARCHIVE reports."""

    file: Any
    available: Any
    BERTH: Any
    load_all: list[str]
    failed: list[str]


def numbered(project, *names):
    """Names of drivers that are new for each edit of the submission."""
    return [project.varied(name).name(name) for name in names]


def extended(project, place, files):
    """A copy of the project with more files."""
    note = "\n    ".join(["some files more", *(f"{name} says {text}" for name, text in files.items())])
    return project.copy(place, note=note, files=files)


def extension(project):
    """The longest ending of extension modules; the judge's own, for the version that runs the project."""
    ours, (major, minor) = f"{sys.version_info[0]}{sys.version_info[1]}", project.virtualenv.interpreter.minor
    return max(EXTENSION_SUFFIXES, key=len).replace(ours, f"{major}{minor}")


def of_the_learner(project):
    """The names of drivers that the learner has added. They may be there, and nothing is said of them."""
    names = set()
    for path in (project / HARBOUR).iterdir():
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            names.add(path.stem)
    return {name for name in names.difference(GIVEN) if not name.startswith("_")}


def among(wanted, found):
    """What was found of these names, in the order in which it was found."""
    return [name for name in found if name in wanted] if isinstance(found, list) else found


def drivers_run(project, runs):
    """The files of drivers that were run, from the folder of the berths."""
    inner = [project.inner(file) for file in runs]
    drivers = [file.removeprefix(f"{HARBOUR}/") for file in inner if file.startswith(f"{HARBOUR}/")]
    return sorted(file for file in drivers if not file.startswith("_"))


@observation
def harbour(project):
    """A copy with more of everything: new drivers, one's name in another's, some no source files, and what is none."""
    new, compiled, native, slip = numbered(project, "float", "compiled", "native", "slip")
    files = {
        f"{HARBOUR}/{compiled}.pyc": "",
        f"{HARBOUR}/{native}{extension(project)}": "",
        f"{HARBOUR}/{slip}/__init__.pyc": "",
        f"{HARBOUR}/{new}.py": f'BERTH = "{new}"',
        f"{HARBOUR}/a{new}.py": "",
        f"{HARBOUR}/fogbound.py": FAULTS["fogbound"][0],
        f"{HARBOUR}/notes.txt": "Paint the crane.",
        f"{HARBOUR}/rope_locker/knot.py": 'BERTH = "no berth"',
        f"{HARBOUR}/dry/pump.py": 'BERTH = "no berth"',
    }
    return (new, f"a{new}", compiled, native, slip), extended(project, "harbour", files)


@observation
def listed(harbour):
    new, copy = harbour
    return new, copy, copy.on_path().probe(LIST)


@observation
def loaded(harbour):
    (new, *_), copy = harbour
    return new, copy, copy.on_path().probe(LOAD, given={"first": "north", "second": new, "third": "dry"})


@observation
def faulty(project):
    """A copy with drivers that can't be imported, one of them not yet."""
    (late,) = numbered(project, "late")
    files = {f"{HARBOUR}/{name}.py": text for name, (text, _) in FAULTS.items()} | {f"{HARBOUR}/{SOUND}.py": ""}
    more = {f"{HARBOUR}/{late}.py": LATE, f"{HARBOUR}/rope_locker/knot.py": 'BERTH = "no berth"'}
    return late, extended(project, "harbour in fog", files | more)


@observation
def raised(project, faulty):
    unknown = [*numbered(project, "west"), *NO_DRIVERS]
    _, copy = faulty
    return unknown, copy, copy.on_path().probe(RAISED, given={"names": [*unknown, *FAULTS]})


@observation
def all_loaded(faulty):
    late, copy = faulty
    return late, copy.on_path().probe(LOAD_ALL)


@observation
def more_places(project):
    names = numbered(project, "east", "marina")
    files = {
        f"visitors/{names[0]}.py": f'BERTH = "{names[0]}"',
        f"visitors/{names[1]}/__init__.py": f'BERTH = "{names[1]}"',
        "visitors/north.py": 'BERTH = "another north"',
    }
    copy = extended(project, "two houses", files)
    return names, copy.on_path().probe(
        MORE_PLACES, given={"folder": str(copy / "visitors"), "names": [*names, "north"]}
    )


@observation
def archived(project):
    name, ashore = numbered(project, "float", "ashore")
    given = {"folder": str(project.path), "name": name, "ashore": ashore}
    return name, ("harbourmaster", "berths", "gate", ashore, f"{ashore}_too"), project.probe(ARCHIVE, given=given)


@check(points=15, clause=1)
def test_nothing_runs(listed):
    """Importing the package and listing the drivers runs none of them."""
    (new, *_), copy, seen = listed
    why = (
        "The program only asked which berths there are. Which lines import a driver, and must a module run to be found?"
    )
    looked = expect(seen, why)
    found = looked.reported(Listed)
    known = isinstance(found.available, list) and all(name in found.available for name in ("north", "south", new))
    looked.that(f"north, south and {new} among those available", known, found.available)
    looked.none("no driver run", drivers_run(copy, found.runs), "run in harbourmaster/berths: ")


@check(points=15, clause=2)
def test_available(project, listed):
    """All drivers are listed, and nothing else."""
    new, _, seen = listed
    why = (
        "The folder holds new drivers, and other files. How does available() find out what is there, and what makes "
        "a file a driver?"
    )
    looked = expect(seen, why)
    wanted = sorted([*GIVEN, "fogbound", *new])
    listing = looked.reported(Listed)
    found = listing.available
    own = of_the_learner(project)
    kept = (
        [name for name in found if not isinstance(name, str) or name not in own] if isinstance(found, list) else found
    )
    looked.equal("available()", wanted, kept)
    looked = expect(seen, "The names are right, but available() must return a list. What type does it return?")
    looked.equal("the type of available()", "list", listing.kind)


@check(points=15, clause=3)
def test_load(loaded):
    """`load` imports one driver and returns the module."""
    new, copy, seen = loaded
    why = "One driver was loaded. What does your way of importing a dotted name return, and what else did it run?"
    looked = expect(seen, why)
    found = looked.reported(dict[str, Loaded])
    own = {"north": ["north.py"], new: [f"{new}.py"], "dry": ["dry/__init__.py", "dry/gate.py"]}
    for name, files in own.items():
        loading = found.get(name) or Loaded(None, [], "nothing", kept=False, again=False)
        looked.equal(f"BERTH of load({name!r})", name, loading.berth)
        module = f'load({name!r}) is sys.modules["harbourmaster.berths.{name}"]'
        looked.that(module, loading.kept, f"{loading.shown}, and another or none in sys.modules")
        looked.that(f"a second load({name!r}) returns the same module", loading.again, "another module")
        looked.equal("what was run for it in harbourmaster/berths", files, drivers_run(copy, loading.runs))


@check(points=10, clause=4)
def test_unknown_name(raised):
    """`load` raises a LookupError where there is no driver, and what the driver raises where there is one."""
    unknown, copy, seen = raised
    why = (
        "Either there is no such driver, or the driver can't import something. The caller of load must see which. "
        "How can your code tell?"
    )
    looked = expect(seen, why)
    found = looked.reported(Raised)
    looked.equal('load("south").BERTH', "south", found.BERTH)
    raised = {name: found.raised.get(name) or Raising("NoneType", False, [], False) for name in (*unknown, *FAULTS)}
    for name in unknown:
        looked.that(f"load({name!r}) raises a LookupError", raised[name].lookup, raised[name].came)
    for name, (_, error) in FAULTS.items():
        looked.equal(f"what load({name!r}) raises", error, raised[name].came)
    if not raised["fogbound"].fog:
        why = "Somebody must repair this driver, and needs its own exception. Which exception comes out of load?"
        expect(seen, why).that("the same exception that fogbound.py raised", False, "another RuntimeError")
    looked = expect(seen, "There is no such driver, but a module ran. What does Python import to look for that name?")
    for name in unknown:
        woken = drivers_run(copy, raised[name].runs)
        looked.none(f"load({name!r}) runs nothing in harbourmaster/berths", woken, "run: ")


@check(points=15, clause=5)
def test_faulty_driver(all_loaded):
    """`load_all` goes on after a faulty driver, and `failed` has its exception."""
    late, seen = all_loaded
    why = (
        "Four drivers have a fault, and one of them is repaired before the second call. Does one fault stop the "
        "others, and what does `failed` hold after each call?"
    )
    looked = expect(seen, why)
    calls = looked.reported(list[AllLoaded])
    looked.equal("the number of calls", 2, len(calls))
    faults = {name: error for name, (_, error) in FAULTS.items()}
    every, sound = [*GIVEN, SOUND, *FAULTS, late], [*GIVEN, SOUND]
    wanted = ((sorted(sound), faults | {late: "AttributeError"}), (sorted([*sound, late]), faults))
    for call, (names, failed) in zip(calls, wanted, strict=True):
        looked.equal("sorted(load_all())", names, sorted(among(every, call.drivers)))
        looked.that(
            "each of them as sys.modules has it", call.right == call.drivers, f"only {', '.join(call.right) or 'none'}"
        )
        left_out = {name: call.failed[name] for name in failed if name in call.failed}
        left_out |= {name: error for name, error in call.failed.items() if name in every}
        looked.equal("failed", failed, left_out)


@check(points=15, clause=6)
def test_more_places(more_places):
    """Drivers in a folder that was appended to `__path__` count, too."""
    names, seen = more_places
    why = "One more folder is on the package's __path__. When does your code read __path__, and which of its entries?"
    looked = expect(seen, why)
    found = looked.reported(dict[str, Any])
    wanted = sorted([*GIVEN, *names])
    looked.equal("available() before", list(GIVEN), among(wanted, found.get("before")))
    looked.equal("available() afterwards", wanted, among(wanted, found.get("after")))
    for name in (*names, "north"):
        looked.equal(f"load({name!r}).BERTH", name, found.get(name))
    looked.equal("sorted(load_all())", wanted, among(wanted, found.get("load_all")))


@check(points=15, clause=7)
def test_archive(archived):
    """It all works in a zip archive."""
    name, others, seen = archived
    why = (
        "In an archive there is no folder to list. How did Python find the package there, and which tool can list "
        "its modules?"
    )
    looked = expect(seen, why)
    found = looked.reported(Archived)
    inside = isinstance(found.file, str) and "harbour.zip" in found.file
    looked.that("harbourmaster.berths from the archive", inside, found.file)
    drivers = sorted([*GIVEN, name])
    known = (*drivers, *others)
    looked.equal("available()", drivers, among(known, found.available))
    looked.equal(f"load({name!r}).BERTH", 7, found.BERTH)
    looked.equal("sorted(load_all())", drivers, among(known, found.load_all))
    looked.equal("failed", [], among(known, found.failed))
