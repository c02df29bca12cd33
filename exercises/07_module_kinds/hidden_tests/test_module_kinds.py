"""Checks of 07 module_kinds."""

import json
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

KINDS = """
import sys
from inventory import kind
see({name: kind(name) for name in sys.argv[1:]})
"""

PACKAGES = """
import importlib, py_compile, sys, zipfile
from pathlib import Path
office, shed, tally, box = sys.argv[1:]
Path(office).mkdir()
Path(office, "__init__.py").touch()
Path(office, "desk.py").touch()
Path(tally + ".py").touch()
Path(shed).mkdir()
init = Path(shed, "__init__.py")
init.touch()
py_compile.compile(init, init.with_suffix(".pyc"))
init.unlink()
with zipfile.ZipFile("stores.zip", "w") as archive:
    archive.writestr(box + "/__init__.py", "")
sys.path.append("stores.zip")
from inventory import kind
names = ["json", "json.tool", office, office + ".desk", shed, tally, box]
before = {name: kind(name) for name in names}
for name in names:
    importlib.import_module(name)
see({"before": before, "after": {name: kind(name) for name in names}})
"""

EXTENSIONS = """
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
names = {f"{sys.argv[1]}_{number}": suffix for number, suffix in enumerate(EXTENSION_SUFFIXES)}
for name, suffix in names.items():
    Path(name + suffix).touch()
from inventory import kind
see({suffix: kind(name) for name, suffix in names.items()})
"""

BYTECODE = """
import importlib, py_compile, sys
from pathlib import Path
lamp, wick = sys.argv[1:]
for name in (lamp, wick):
    Path(name + ".py").touch()
py_compile.compile(lamp + ".py", lamp + ".pyc")
py_compile.compile(wick + ".py")
for name in (lamp, wick):
    Path(name + ".py").unlink()
from inventory import kind
before = {name: kind(name) for name in (lamp, wick)}
importlib.import_module(lamp)
see({"before": before, "after": {lamp: kind(lamp)}})
"""

NAMESPACES = """
import importlib, sys
from pathlib import Path
depot, office = sys.argv[1:]
Path(depot, "north").mkdir(parents=True)
Path(depot, "north", "crate.py").touch()
Path(office, "papers").mkdir(parents=True)
Path(office, "__init__.py").touch()
from inventory import kind
names = [depot, depot + ".north", depot + ".north.crate", office + ".papers"]
before = {name: kind(name) for name in names}
for name in names:
    importlib.import_module(name)
see({"before": before, "after": {name: kind(name) for name in names}})
"""

TRAPS = '''
import sys
from pathlib import Path
sluice, pump, office = sys.argv[1:]
for package in (pump, office):
    Path(package).mkdir()
Path(office, "__init__.py").touch()
for trap in [Path(sluice + ".py"), Path(pump, "__init__.py"), Path(office, "valve.py")]:
    trap.write_text("""
open(__file__ + ".ran", "w").close()
raise SystemExit(f"{__name__} runs!")
""")
from inventory import kind
kinds = {name: kind(name) for name in (sluice, pump, office + ".valve")}
see({"kinds": kinds, "ran": sorted(map(str, Path().rglob("*.ran"))), "loaded": sorted({*kinds} & {*sys.modules})})
'''

PROGRAM = """
import zipfile
crate, nope = sys.argv[1:]
with zipfile.ZipFile("stores.zip", "w") as archive:
    archive.writestr(crate + ".py", "")
see(run("python", "-m", "inventory", "json.tool", crate, "sys", nope, env={"PYTHONPATH": "stores.zip"}))
"""

INTERPRETER = {
    "sys": "builtin",
    "gc": "builtin",
    "marshal": "builtin",
    "_imp": "builtin",
    "zipimport": "frozen",
    "_frozen_importlib": "frozen",
    "__hello__": "frozen",
}


@dataclass
class Twice:
    """What is said of modules before and after they were imported."""

    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class Traps:
    """What TRAPS reports."""

    kinds: dict[str, Any]
    ran: list[str]
    loaded: list[str]


@dataclass
class Ran:
    """What `run` gives."""

    status: int
    stdout: str
    stderr: str


def new_names(project, *words):
    """Names of modules that nobody knows yet."""
    return [f"{word}_{project.side.varied(word).randrange(100, 1000)}" for word in words]


def probed(project, body, *names):
    return project.probe(body, *names, env={"PYTHONPATH": project.path})


@observation
def interpreter(project):
    return probed(project, KINDS, *INTERPRETER)


@observation
def packages(project):
    office, shed, tally, box = names = new_names(project, "office", "shed", "tally", "box")
    wanted = {"json": "package", "json.tool": "source", office: "package", f"{office}.desk": "source"}
    return wanted | {shed: "package", tally: "source", box: "package"}, probed(project, PACKAGES, *names)


@observation
def extensions(project):
    return probed(project, EXTENSIONS, *new_names(project, "gauge"))


@observation
def bytecode(project):
    names = new_names(project, "lamp", "wick")
    return names, probed(project, BYTECODE, *names)


@observation
def namespaces(project):
    depot, office = names = new_names(project, "depot", "office")
    wanted = {depot: "namespace", f"{depot}.north": "namespace", f"{depot}.north.crate": "source"}
    return wanted | {f"{office}.papers": "namespace"}, probed(project, NAMESPACES, *names)


@observation
def missing(project):
    (nope,) = new_names(project, "nope")
    names = [nope, f"{nope}.sub", f"sys.{nope}", f"json.{nope}", f"json.tool.{nope}", f"os.path.{nope}"]
    return dict.fromkeys(names, "missing"), probed(project, KINDS, *names)


@observation
def traps(project):
    names = new_names(project, "sluice", "pump", "office")
    return names, probed(project, TRAPS, *names)


@observation
def program(project):
    crate, nope = names = new_names(project, "crate", "nope")
    return {"json.tool": "source", crate: "source", "sys": "builtin", nope: "missing"}, project.workshop(
        PROGRAM, *names
    )


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
    """What is part of the interpreter is builtin or frozen."""
    why = "None of these is read from a file. Who would load each of them, and what does its spec say of its origin?"
    looked = expect(interpreter, why)
    expect_kinds(looked, INTERPRETER, looked.reported(dict[str, Any]))


@check(points=15, clause=(1, 4))
def test_packages(packages):
    """A package is a package, whatever file holds its own code."""
    wanted, seen = packages
    why = "A package may come from a .py file like other modules, or from another one. What makes it a package?"
    expect_twice(expect(seen, why), wanted)


@check(points=10, clause=1)
def test_extension(extensions):
    """A file with any of the suffixes of extension modules is one, even if it can't be loaded."""
    why = "These files are empty, and nobody could load them. How does Python know what to make of a file's name?"
    looked = expect(extensions, why)
    found = looked.reported(dict[str, Any])
    looked.that("one kind or more", bool(found), "none")
    expect_kinds(looked, dict.fromkeys(found, "extension"), found)


@check(points=10, clause=(1, 4))
def test_bytecode(bytecode):
    """A `.pyc` is loaded without its source in one place, and not in the other."""
    (lamp, wick), seen = bytecode
    why = (
        "Of both modules only the bytecode is left, in two places. In which one does Python look if there is no source?"
    )
    looked = expect(seen, why)
    found = looked.reported(Twice)
    expect_kinds(looked, {lamp: "bytecode", wick: "missing"}, found.before, "before the import\n")
    expect_kinds(looked, {lamp: "bytecode"}, found.after, "after the import\n")


@check(points=15, clause=(1, 4))
def test_namespace(namespaces):
    """A folder without `__init__` is a namespace, before and after it was imported."""
    wanted, seen = namespaces
    why = "These folders have no code of their own. What does such a spec lack, and does importing it change that?"
    expect_twice(expect(seen, why), wanted)


@check(points=15, clause=2)
def test_missing(missing):
    """What can't be found is missing, whatever the reason."""
    wanted, seen = missing
    why = "None of these can be found. In which two ways does Python tell you so, and what has a dot to do with it?"
    looked = expect(seen, why)
    expect_kinds(looked, wanted, looked.reported(dict[str, Any]))


@check(points=10, clause=3)
def test_not_run(traps):
    """Modules are found, and not run."""
    (sluice, _, office), probe = traps
    why = (
        "Running these is just what must not happen. Which steps does an import have, and after which one do you know?"
    )
    looked = expect(probe, why)
    seen = looked.reported(Traps)
    looked.that("no trap that runs", not seen.ran, ", ".join(seen.ran))
    looked.that("no trap in sys.modules", not seen.loaded, ", ".join(seen.loaded))
    expect_kinds(looked, {sluice: "source", f"{office}.valve": "source"}, seen.kinds)


@check(points=10, clause=5)
def test_program(program):
    """`python -m inventory` prints the kinds as JSON, modules in an archive included."""
    wanted, seen = program
    why = "Another program reads what inventory prints. What does it get, and who looks for modules in an archive?"
    looked = expect(seen, why)
    ran = looked.reported(Ran)
    came = f"exit status {ran.status}\n{ran.stdout or 'nothing on stdout'}\n{ran.stderr}".strip()
    looked.that("exit status 0", ran.status == 0, came)
    looked.that(json.dumps(wanted), _decoded(ran.stdout) == wanted, came)


def _decoded(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
