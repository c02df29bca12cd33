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

UNFOUND = (
    "Here report is only imported, and does not find soundings. "
    "Which entry of sys.path should lead to it, and is it there whatever else the path holds?"
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
def at_home(project):
    return project.python("bin/report.py", "north quay", cwd=project.path)


@observation
def from_elsewhere(project, elsewhere):
    return project.python(project / "bin/report.py", "north quay", cwd=elsewhere)


@observation
def moved(project):
    depth = project.varied("depth").randrange(40, 400) / 4
    line = f'"north quay": {depth}'
    edits = {"lib/soundings.py": ('"north quay": 7.5', line)}
    copy = project.copy("charts of May", note=f"lib/soundings.py says {line}", edits=edits)
    return depth, copy.python(copy / "bin/report.py", "north quay")


@observation
def isolated(project):
    return project.python("-I", project / "bin/report.py", "north quay")


@observation
def imported(project):
    # Somebody else's lib/, which needn't be there, is not the one that is meant.
    return project.on_path("bin", "/srv/ferry/lib").probe(IMPORT_TWICE)


def rationale(seen, why, unfound=""):
    """The question that fits what an execution complained of; `unfound` where one that is not found has its own."""
    complaint = (seen.stderr.strip().splitlines() or [""])[-1]
    if complaint.startswith("ModuleNotFoundError"):
        return unfound or why
    if complaint:
        return "Python stopped at an error. Which line of which file does it name, and what does it say of it?"
    return why


@check(points=10, clause=1)
def test_own_folder(at_home):
    """It runs from its own project folder."""
    why = "Even from its own folder report.py could not find soundings. Which folders does Python search for it?"
    expect(at_home, rationale(at_home, why)).status(0).stdout("north quay: 7.5 m")


@check(points=20, clause=1)
def test_any_folder(from_elsewhere):
    """It runs from any other folder."""
    why = "Started from an unrelated folder it fails. What is your entry on sys.path relative to?"
    expect(from_elsewhere, rationale(from_elsewhere, why)).status(0).stdout("north quay: 7.5 m")


@check(points=20, clause=1)
def test_moved_tree(moved):
    """It runs in a copy of the tree, and reads the depths of that copy."""
    depth, seen = moved
    why = "The tree was copied to another place, with another depth. Which lib/ did the program read, and who told it?"
    expect(seen, rationale(seen, why)).status(0).stdout(f"north quay: {depth} m")


@check(points=10, clause=1)
def test_isolated_mode(isolated):
    """It runs in isolated mode."""
    why = (
        "With -I Python adds neither the script's folder nor PYTHONPATH to sys.path. Is your own line enough by itself?"
    )
    expect(isolated, rationale(isolated, why)).status(0).stdout("north quay: 7.5 m")


@check(points=15, clause=(2, 3), alone=False)
def test_end_of_the_path(project, imported):
    """Importing it adds to the end of sys.path only, and stays where it is."""
    why = "What stood on sys.path before must still stand in front. What did importing report change?"
    looked = expect(imported, rationale(imported, why, UNFOUND))
    seen = looked.reported(Imported)
    kept = seen.after[: len(seen.before)] == seen.before
    looked.that("the old entries, in order, at the beginning of sys.path", kept, seen.after)
    # Order is no merit of a report that pretends to have imported.
    came_from = seen.soundings and os.path.normpath(os.path.join(seen.cwd_after, seen.soundings))
    looked.that("soundings, if anything, from lib/", came_from in (None, str(project / "lib/soundings.py")), came_from)
    looked.equal("the current folder", seen.cwd, seen.cwd_after)


@check(points=15, clause=2)
def test_one_absolute_entry(project, imported):
    """Exactly one entry leads to lib/, and it is absolute, even after a second load."""
    why = "How many entries lead to lib/, do they hold from everywhere, and what does a second load add?"
    looked = expect(imported, rationale(imported, why, UNFOUND))
    seen = looked.reported(Imported)
    lib = str(project / "lib")
    for entries in (seen.after, seen.again):
        texts = [entry for entry in entries if isinstance(entry, str)]
        leading = [entry for entry in texts if os.path.normpath(os.path.join(seen.cwd_after, entry)) == lib]
        right = len(leading) == 1 and os.path.isabs(leading[0])
        looked.that("one absolute entry for lib/ on sys.path", right, leading or "no entry for lib/")


@check(points=10, clause=3, alone=False)
def test_standard_statistics(imported):
    """`import statistics` still gives the standard module."""
    why = "After your change `import statistics` gives the clerk's file. Who comes first on sys.path?"
    looked = expect(imported, rationale(imported, why, UNFOUND))
    seen = looked.reported(Imported)
    looked.that("the standard statistics module, which has mean", seen.mean and not seen.MARK, "the clerk's notes")
