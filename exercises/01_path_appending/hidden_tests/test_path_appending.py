"""Checks of 01 path_appending."""

import os
from dataclasses import dataclass

from grader.checks import check, expect, observation

IMPORT_TWICE = """
import importlib, os, sys
seen = {"before": list(sys.path), "cwd": os.getcwd()}
import report
seen["after"] = list(sys.path)
seen["soundings"] = getattr(sys.modules.get("soundings"), "__file__", None)
importlib.reload(report)
del sys.modules["report"]
import report
seen["again"] = list(sys.path)
import statistics
seen["mean"] = hasattr(statistics, "mean")
seen["MARK"] = hasattr(statistics, "MARK")
seen["cwd_after"] = os.getcwd()
see(seen)
"""

IMPORT = """
import os, sys
import report
see([os.path.normpath(entry) for entry in sys.path])
"""

HERE = "north quay: 7.5 m"
"""What the given depths come to, and no others that are drawn."""

UNFOUND = (
    "Here report is only imported, and doesn't find soundings. Which entry of sys.path should lead to it, and is "
    "that entry there even if the path holds other folders?"
)


@dataclass
class Imported:
    """What IMPORT_TWICE reports; what is on sys.path need not be text."""

    before: list
    after: list
    soundings: str | None
    again: list
    mean: bool
    MARK: bool
    cwd: str
    cwd_after: str


@observation
def port(project):
    """A copy with another depth, the depth, and a folder near it from where it is run.

    A lib/ of somebody else lies in that folder, and one beside it: no relative entry leads to the shelf.
    """
    depth, wrong = (quarters / 4 for quarters in project.varied("depth").sample(range(40, 400), 2))
    line = f'"north quay": {depth}'
    files = {
        f"{place}/{name}": content
        for place in ("lib", "desk/lib")
        for name, content in (
            ("soundings.py", f"def depth_at(name): return {wrong}\n"),
            ("statistics.py", 'MARK = "stranger"\n'),
        )
    }
    note = f"lib/soundings.py says {line}; lib/ and desk/lib/ beside the project are somebody else's"
    edits = {"port/lib/soundings.py": ('"north quay": 7.5', line)}
    copy = project.copy("harbour office", inside="port", note=note, files=files, edits=edits)
    return depth, copy, copy / "desk"


@observation
def at_home(project):
    return project.python("bin/report.py", "north quay", cwd=project.path)


@observation
def from_elsewhere(port):
    depth, copy, desk = port
    return depth, copy.python(copy / "port/bin/report.py", "north quay", cwd=desk)


@observation
def moved(project):
    varied = project.varied("moved")
    place = varied.choice(["the cabin library", "a library, in cabins", "robin's cabin, lib. 2"])
    quay, depths = varied.name("quay", between=" "), [quarters / 4 for quarters in varied.sample(range(40, 400), 2)]
    line = f'"north quay": {depths[0]}, "{quay}": {depths[1]}'
    edits = {"lib/soundings.py": ('"north quay": 7.5', line)}
    copy = project.copy(place, note=f"lib/soundings.py says {line}", edits=edits)
    wanted = f"north quay: {depths[0]} m", f"{quay}: {depths[1]} m", f"north quay: {depths[0]} m"
    return wanted, copy.python(copy / "bin/report.py", "north quay", quay, "north quay")


@observation
def isolated(port):
    depth, copy, desk = port
    return depth, copy.python("-I", copy / "port/bin/report.py", "north quay", cwd=desk)


@observation
def imported(port):
    """Imported where other entries of sys.path look like the one that is to be added."""
    _, copy, desk = port
    # Nothing says that what is on the path is there: neither somebody's lib/, nor a folder whose name begins like ours.
    return copy.on_path("port/bin", "/srv/ferry/lib", "port/library").probe(IMPORT_TWICE, cwd=desk)


@observation
def imported_beside_another(project):
    """Imported where soundings can be found without lib/: a ferry company has its own."""
    soundings = (project / "lib/soundings.py").read_text(encoding="utf-8")
    note = "ferry/soundings.py beside the project is somebody else's"
    copy = project.copy("ferry office", inside="port", note=note, files={"ferry/soundings.py": soundings})
    return str(copy / "port/lib"), copy.on_path("port/bin", "ferry").probe(IMPORT)


def rationale(seen, why, unfound=""):
    """The question that fits what an execution complained of; `unfound` where one that is not found has its own."""
    complaint = (seen.stderr.strip().splitlines() or [""])[-1]
    if complaint.startswith("ModuleNotFoundError"):
        return unfound or why
    if complaint:
        return "Python stopped at an error. Which line of which file does it name, and what is the error?"
    return why


@check(points=10, clause=1)
def test_own_folder(at_home, moved):
    """It runs from its own project folder."""
    why = "report.py could not find soundings, even from its own folder. Which folders does Python search for it?"
    expect(at_home, rationale(at_home, why)).status(0).stdout(HERE)
    seen = moved[1]
    looked = expect(seen, "No depth of this copy is 7.5. Which soundings did the program read?")
    looked.that("the depth that lib/soundings.py of this copy holds", HERE not in seen.lines, HERE)


@check(points=20, clause=1)
def test_any_folder(from_elsewhere):
    """It runs from any other folder."""
    depth, seen = from_elsewhere
    why = "It fails in another working directory. What is your entry on sys.path relative to?"
    expect(seen, rationale(seen, why)).status(0).stdout(f"north quay: {depth} m")


@check(points=20, clause=1)
def test_moved_tree(moved):
    """It runs in a copy of the tree, and reads the depths of that copy."""
    wanted, seen = moved
    why = (
        "The tree was copied to another place, with other depths. Which lib/ did the program read, and which of your "
        "lines names it?"
    )
    expect(seen, rationale(seen, why)).status(0).stdout(*wanted)


@check(points=10, clause=1)
def test_isolated_mode(isolated):
    """It runs in isolated mode."""
    depth, seen = isolated
    why = (
        "With -I Python adds neither the script's folder nor PYTHONPATH to sys.path. Is your own line enough by itself?"
    )
    expect(seen, rationale(seen, why)).status(0).stdout(f"north quay: {depth} m")


@check(points=15, clause=(2, 3))
def test_end_of_the_path(port, imported, imported_beside_another):
    """Importing it adds to the end of sys.path only, and stays where it is."""
    why = "The old entries of sys.path must still come first. What did importing report change?"
    looked = expect(imported, rationale(imported, why, UNFOUND))
    seen = looked.reported(Imported)
    kept = seen.after[: len(seen.before)] == seen.before
    looked.that("the old entries, in order, at the beginning of sys.path", kept, seen.after)
    # Order is no merit of a report that adds nothing, or pretends to have imported.
    added = leading_to_lib(port, seen, seen.after[len(seen.before) :])
    looked.that("an entry for lib/ after them", bool(added), seen.after)
    came_from = seen.soundings and os.path.normpath(os.path.join(seen.cwd_after, seen.soundings))
    looked.that("soundings, if anything, from lib/", came_from in (None, f"{lib_of(port)}/soundings.py"), came_from)
    looked.equal("the working directory", seen.cwd, seen.cwd_after)
    lib, seen = imported_beside_another
    looked = expect(seen, "Here another folder has a soundings, too. Does your line look for a name, or for a folder?")
    entries = looked.reported(list)
    looked.that("an entry for lib/ on sys.path", lib in entries, entries)


@check(points=15, clause=2)
def test_one_absolute_entry(port, imported):
    """Exactly one entry leads to lib/, and it is absolute, even after a second load."""
    why = "How many entries lead to lib/, do they work in any working directory, and what does a second load add?"
    looked = expect(imported, rationale(imported, why, UNFOUND))
    seen = looked.reported(Imported)
    for entries in (seen.after, seen.again):
        leading = leading_to_lib(port, seen, entries)
        right = len(leading) == 1 and os.path.isabs(leading[0])
        looked.that("one absolute entry for lib/ on sys.path", right, leading or "no entry for lib/")


@check(points=10, clause=3)
def test_standard_statistics(port, imported):
    """`import statistics` still gives the standard module."""
    why = "After your change `import statistics` gives the clerk's file. Which folder comes first on sys.path?"
    looked = expect(imported, rationale(imported, why, UNFOUND))
    seen = looked.reported(Imported)
    looked.that("the standard statistics module, which has mean", seen.mean and not seen.MARK, "the clerk's notes")
    # Without lib/ on the path nothing could come between.
    looked.that("an entry for lib/ on sys.path", bool(leading_to_lib(port, seen, seen.again)), "no entry for lib/")


def lib_of(port):
    """The path of the lib/ that is meant."""
    return str(port[1] / "port/lib")


def leading_to_lib(port, seen, entries):
    """Those of the entries that lead there, however they are spelled."""
    texts = [entry for entry in entries if isinstance(entry, str)]
    return [text for text in texts if os.path.normpath(os.path.join(seen.cwd_after, text)) == lib_of(port)]
