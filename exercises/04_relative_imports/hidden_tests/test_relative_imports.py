"""Checks of 04 relative_imports."""

import calendar
import shutil
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from grader.checks import check, expect, filled, observation

MARKS = ("sea buoy", "roads", "bar", "north quay", "fish quay")
"""As the given `charts/soundings.py` has them."""
TIDES = {
    1: "wolf", 2: "candle", 4: "lark", 5: "thorn", 6: "hay", 7: "herring", 8: "barley", 9: "apple", 10: "goose",
    11: "gale", 12: "yule",
}  # fmt: skip
"""As the given `charts/calendar.py` has them; but for March, which is always asked for."""

STRANGER = """
UNITS = "ells"
DEPTHS = {}
def at(mark): return 0
def leg(start, end): return "nowhere"
"""
"""A module of somebody else's that holds all the names for which the package might come to it."""

STRANGERS = (
    "charts/__init__.py", "charts/depth.py", "routes/__init__.py", "routes/legs.py", "depth.py", "legs.py",
    "soundings.py",
)  # fmt: skip
OTHERS = ["pilotage", "charts", "routes", "depth", "legs", "soundings"]
"""The names that are somebody else's where the package is nested."""

PLAN = """
from pilotage.routes.planner import plan
found = plan(*marks)
see({"plan": found, "type": type(found).__name__})
"""

TRACES = """
import sys
before, known, runs = list(sys.path), set(sys.modules), []
sys.addaudithook(lambda event, of: runs.append(of[0].co_filename) if event == "exec" else None)
from pilotage.routes.planner import plan
seen = {"plan": plan(*marks)}
import pilotage.charts.calendar, pilotage.charts.depth, pilotage.charts.soundings, pilotage.routes.legs
new = [name for name in sys.modules if name not in known]
seen["files"] = {name: getattr(sys.modules[name], "__file__", None) for name in new}
seen["specs"] = {name: getattr(getattr(sys.modules[name], "__spec__", None), "name", None) for name in new}
seen["path_after"] = list(sys.path)
seen["path"], seen["runs"] = before, runs
see(seen)
"""

PLAN_ELSEWHERE = """
import sys
from PACKAGE.routes.planner import plan
from PACKAGE.charts.depth import heading
def outcome(ask):
    try:
        return ask()
    except Exception as error:
        return type(error).__name__
seen = {"plan": plan(*marks)}
seen["heading"] = outcome(lambda: heading(3))
seen["loaded"] = [name for name in others if name in sys.modules]
see(seen)
"""

HEADINGS = """
import calendar
calendar.month_name = list(calendar.month_name)
calendar.month_name[3] = month
from pilotage.charts.depth import heading
see([heading(number) for number in months])
"""

DEPTH_FIRST = """
from pilotage.charts.depth import at
see(at(mark))
"""

LEG_FIRST = """
from pilotage.routes.legs import leg
see(leg(start, end))
"""


@dataclass
class Planned:
    """What PLAN reports."""

    plan: Any
    type: str


@dataclass
class Elsewhere:
    """What PLAN_ELSEWHERE reports."""

    plan: Any
    heading: Any
    loaded: list[str]


@dataclass
class Traces:
    """What TRACES reports; what is on sys.path, or a module says of its file, need not be text."""

    plan: Any
    files: dict[str, Any]
    specs: dict[str, Any]
    runs: list[str]
    path: list
    path_after: list


def some_marks(project, count=3):
    """Marks for a passage, others for each submission."""
    return project.varied("marks").sample(MARKS, count)


def other_depths(project, name):
    """Depths at all marks, no two alike."""
    quarters = project.varied(name).sample(range(8, 120), len(MARKS))
    return {mark: quarter / 4 for mark, quarter in zip(MARKS, quarters, strict=True)}


def lines_of(marks, depths):
    """What `plan` is to return."""
    legs = [f"{start} to {end}: {min(depths[start], depths[end])} m" for start, end in pairwise(marks)]
    return [*legs, f"shallowest at {min(marks, key=depths.get)}"]


def leave_behind(folder):
    """Remove what lies beside the package."""
    for path in folder.iterdir():
        if path.name != "pilotage":
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def sound_again(package, depths):
    """Put other depths into the given file."""
    (package / "charts" / "soundings.py").write_text(f"DEPTHS = {depths!r}\n")


@observation
def home(project):
    """A copy with other depths, and these."""
    depths = other_depths(project, "home")

    def change(copy):
        sound_again(copy / "pilotage", depths)

    return depths, project.copy("pilots", note="pilotage/charts/soundings.py has other depths", change=change)


@observation
def planned(home):
    depths, copy = home
    twice, second, last = some_marks(copy)
    marks = [twice, second, twice, last]
    return lines_of(marks, depths), copy.on_path().probe(PLAN, given={"marks": marks})


@observation
def program(home):
    depths, copy = home
    marks = some_marks(copy)
    return lines_of(marks, depths), copy.python("-m", "pilotage.routes.planner", *marks, cwd=copy.path)


@observation
def coast_guard(project):
    depths = other_depths(project, "coast guard")
    name = project.varied("name")
    package = name.name(name.choice(["coast_guard", "pilotage", "charts"]))

    def rename(copy):
        leave_behind(copy)
        (copy / "pilotage").rename(copy / package)
        sound_again(copy / package, depths)

    note = f"only the package stays, its folder is called {package}, charts/soundings.py has other depths"
    return package, depths, project.copy("coast guard", note=note, change=rename)


@observation
def renamed(project, coast_guard):
    package, depths, copy = coast_guard
    marks = some_marks(project, 2)
    body, given = filled(PLAN_ELSEWHERE, PACKAGE=package), {"marks": marks, "others": ["pilotage"]}
    return lines_of(marks, depths), copy.on_path().probe(body, given=given)


@observation
def renamed_program(project, coast_guard):
    package, depths, copy = coast_guard
    marks = some_marks(project)
    return lines_of(marks, depths), copy.python("-m", f"{package}.routes.planner", *marks, cwd=copy.path)


@observation
def ferry_company(project):
    depths = other_depths(project, "ferry company")
    ferry = project.varied("ferry").name("ferry")

    def vendor(copy):
        leave_behind(copy / ferry / "_vendor")
        shutil.copytree(copy / ferry / "_vendor" / "pilotage", copy / "pilotage")
        sound_again(copy / ferry / "_vendor" / "pilotage", depths)

    note = f"""only the package stays, and its charts/soundings.py has other depths;
beside {ferry} lies another edition of pilotage, with the old depths,
and somebody else's {", ".join(STRANGERS)}"""
    others = dict.fromkeys(STRANGERS, STRANGER)
    copy = project.copy("ferry company", inside=f"{ferry}/_vendor", note=note, files=others, change=vendor)
    return f"{ferry}._vendor.pilotage", depths, copy


@observation
def nested(project, ferry_company):
    package, depths, copy = ferry_company
    marks = some_marks(project, 4)
    body, given = filled(PLAN_ELSEWHERE, PACKAGE=package), {"marks": marks, "others": OTHERS}
    return lines_of(marks, depths), copy.on_path().probe(body, given=given)


@observation
def nested_program(project, ferry_company):
    package, depths, copy = ferry_company
    marks = some_marks(project)
    return lines_of(marks, depths), copy.python("-m", f"{package}.routes.planner", *marks, cwd=copy.path)


@observation
def traces(home):
    depths, copy = home
    marks = some_marks(copy)
    return lines_of(marks, depths), copy.on_path().probe(TRACES, given={"marks": marks})


@observation
def headings(project):
    varied = project.varied("headings")
    march, tide = varied.names("month", "whale", between=" ")
    month, other = varied.sample(sorted(TIDES), 2)
    line = f'{month}: "{tide}"'
    edits = {"pilotage/charts/calendar.py": (f'    {month}: "{TIDES[month]}"', f"    {line}")}
    copy = project.copy("next year", note=f"pilotage/charts/calendar.py says {line}", edits=edits)
    wanted = [
        f"{march}: lent tide",
        f"{calendar.month_name[month]}: {tide} tide",
        f"{calendar.month_name[other]}: {TIDES[other]} tide",
    ]
    given = {"month": march, "months": [3, month, other]}
    return given["months"], wanted, copy.on_path().probe(HEADINGS, given=given)


@observation
def depth_first(home):
    depths, copy = home
    (mark,) = some_marks(copy, 1)
    return depths[mark], copy.on_path().probe(DEPTH_FIRST, given={"mark": mark})


@observation
def leg_first(home):
    depths, copy = home
    start, end = some_marks(copy, 2)
    wanted = lines_of([start, end], depths)[0]
    return wanted, copy.on_path().probe(LEG_FIRST, given={"start": start, "end": end})


def expect_moved(moved, why):
    """The package does its work in another place, with its own modules and no others."""
    wanted, seen = moved
    looked = expect(seen, why)
    found = looked.reported(Elsewhere)
    looked.equal("the plan", wanted, found.plan)
    # Whether the heading itself is right is another check's business.
    lost = found.heading in ("ImportError", "ModuleNotFoundError")
    looked.that("heading(3) finds what it imports", not lost, found.heading)
    looked.that("it loads only its own modules, by its own names", not found.loaded, f"loaded: {found.loaded}")


def runs_right(wanted, seen):
    """Whether the program works where less is asked of it. If it doesn't, that is another check's business."""
    return seen.status == 0 and seen.lines == wanted


@check(points=10, clause=1)
def test_plan(planned):
    """It plans a passage under its own name."""
    wanted, seen = planned
    why = (
        "It fails even under its own name. Where does Python look for a name without a leading dot, and where for "
        "one with a dot?"
    )
    looked = expect(seen, why)
    found = looked.reported(Planned)
    if isinstance(found.plan, list) and len(found.plan) < len(wanted) and all(line in wanted for line in found.plan):
        looked = expect(
            seen, "The ship passes one mark twice. Where does your code keep the legs, and which of them gets lost?"
        )
    looked.equal("the plan", wanted, found.plan)
    expect(seen, "The lines are right, but what holds them?").equal("the plan's type", "list", found.type)


@check(points=10, clause=2)
def test_program(program):
    """It runs as a program with -m."""
    wanted, seen = program
    why = (
        "Run with -m, the planner is called __main__, but it keeps its place in its package. From which package do "
        "its relative imports start?"
    )
    expect(seen, why).status(0).stdout(*wanted)


@check(points=20, clause=3)
def test_renamed(renamed, renamed_program, program):
    """It works when its folder has another name."""
    why = "The folder has another name now. Which part of each import says where the search begins?"
    expect_moved(renamed, why)
    if runs_right(*program):
        wanted, seen = renamed_program
        expect(seen, why).status(0).stdout(*wanted)


@check(points=20, clause=4)
def test_nested(nested, nested_program, renamed_program, program):
    """It works inside other packages, beside modules that have its names."""
    why = (
        "The package is deeper now, and other modules have the same names. From where does Python count in each of "
        "its imports?"
    )
    expect_moved(nested, why)
    if runs_right(*program) and runs_right(*renamed_program):
        wanted, seen = nested_program
        expect(seen, why).status(0).stdout(*wanted)


@check(points=15, clause=5)
def test_no_traces(home, traces):
    """Importing it leaves sys.path alone, runs each file once and gives each module one name."""
    wanted, seen = traces
    why = "What else does importing the package change, and under which names are its modules in sys.modules then?"
    looked = expect(seen, why)
    found = looked.reported(Traces)
    looked.equal("the plan", wanted, found.plan)
    looked.silent()
    looked.equal("sys.path", found.path, found.path_after)
    strays = [*misnamed(home[1], found), *run_again(home[1], found.runs)]
    looked.none("each file run once, as the module that its place says", strays, between="\n")


@check(points=15, clause=6)
def test_both_calendars(headings):
    """A heading takes the month from the standard calendar and the tide from the pilots'."""
    months, wanted, seen = headings
    why = "Two modules are called calendar, and a heading needs both. Which of them does each of your imports bind?"
    expect(seen, why).reports(f"heading of each of the months {months}", wanted)


@check(points=10, clause=7)
def test_any_module_first(planned, depth_first, leg_first):
    """Any of its modules can be the first to be imported."""
    why = "This module was imported before all others. What does it use, and has any code imported that by then?"
    _, planner_first = planned
    for wanted, seen in (depth_first, leg_first):
        expect(seen, why).reports("its answer", wanted)
    # Whether the plan is right is another check's business.
    looked = expect(planner_first, why)
    plan = looked.reported(Planned).plan
    looked.that("a plan", plan, plan)


def misnamed(project, found):
    """The modules of the project that don't have the name of their place in it, in words."""
    inner = {name: project.inner(file) for name, file in sorted(found.files.items())}
    ours = {name: file for name, file in inner.items() if file}
    strays = [f"{file} as {name}" for name, file in ours.items() if name != module_name(file)]
    # A module that was put under its right name later still has the name by which it was found.
    found_as = {name: found.specs.get(name) for name in ours}
    renamed = [f"{ours[name]}, found as {its} and put under {name}" for name, its in found_as.items() if its != name]
    return strays or renamed


def run_again(project, runs):
    """The files of the project that were run more than once, in words."""
    times = Counter(project.inner(file) for file in runs)
    return [f"{file}, run {count} times" for file, count in sorted(times.items()) if file and count > 1]


def module_name(file):
    """The name that a file's place gives to its module."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
