"""Checks of 11 shadowed_stdlib."""

import shlex
import sys
from calendar import monthrange
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Any

from grader.checks import Ran, check, expect, observation

HOLIDAYS = {
    1: ["17 Lifeboat Day"],
    2: ["2 Candle Night"],
    4: ["23 Herring Fair"],
    6: ["21 Lantern Row"],
    8: ["5 Regatta", "30 Last Ferry"],
    11: ["11 Goose Monday"],
    12: ["6 Pilots' Supper", "31 Old Anchor"],
}
"""As `calendar.py` of the stub has them."""

EXTENSION = ".pyd" if sys.platform == "win32" else ".so"

HIDEABLE = (
    "bisect", "calendar", "cmd", "colorsys", "csv", "difflib", "email", "fractions", "ftplib", "html", "queue",
    "random", "sched", "secrets", "shelve", "statistics", "string", "tempfile", "textwrap", "wave", "xml",
)  # fmt: skip
"""Standard names on all versions; on none built in, frozen, loaded when Python starts, or imported by most doctors."""

BUILT_IN = ("_thread", "builtins", "marshal", "sys")
"""Built in on all versions."""

IMPORTED_BY_DOCTORS = ("enum", "json", "re", "types")
"""Loaded by nearly every doctor's own imports, and by no Python that has not begun a program."""

CENTURIES = (1800, 1900, 2100, 2200, 2300)
LEAP_CENTURIES = (1600, 2000, 2400)
LEAP_YEARS = (1996, 2000, 2024, 2400)

TRAP = 'open(__file__ + ".ran", "w").close(); raise SystemExit("This file was run.")'

# By whatever process a file there is run, it leaves something behind.
DOCTOR = """
import os
said = run("python", "office/doctor.py", os.path.abspath("desk"))
see({"said": said, "ran": [name for name in os.listdir("desk") if name.endswith(".ran")]})
"""

# The folder is not on the path here, and so nothing in it can have a say in what is found there.
FOLDER = """
import sys
from importlib.machinery import PathFinder
specs = {name: PathFinder.find_spec(name, [folder]) for name in sorted(sys.stdlib_module_names)}
see([name for name, spec in specs.items() if spec is not None and spec.has_location])
"""

ELSEWHERE = """
import sys
seen = {"path": list(sys.path)}
def outcome(ask):
    try:
        return ask(), ""
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
def imported():
    import noticeboard
    return noticeboard
noticeboard, seen["not_imported"] = outcome(imported)
board, seen["no_board"] = outcome(lambda: noticeboard.board(year, month))
seen["months"], _ = outcome(lambda: [noticeboard.board(plain_year, each) for each in range(1, 13)])
seen["board"], seen["kind"], seen["path_after"] = board, type(board).__name__, list(sys.path)
def standard():
    import calendar, email.utils, http.cookiejar
    return calendar.__file__
seen["calendar"], seen["trouble"] = outcome(standard)
see(seen)
"""


@dataclass
class Examined:
    """What DOCTOR reports."""

    said: Ran
    ran: list[str]


@dataclass
class Elsewhere:
    """What ELSEWHERE reports."""

    not_imported: str
    no_board: str
    board: Any
    months: Any
    kind: str
    path: list
    path_after: list
    calendar: Any
    trouble: str


def board_of(year, month):
    """The lines of the board."""
    return [f"days: {monthrange(year, month)[1]}", *(f"holiday: {holiday}" for holiday in HOLIDAYS.get(month, []))]


def some_month(project, count):
    """A year, and a month that has this many holidays; others for each edit of the submission."""
    random = project.varied(f"month with {count}")
    return random.randrange(1800, 2400), random.choice(
        [month for month in range(1, 13) if len(HOLIDAYS.get(month, [])) == count]
    )


def by_script(project, year, month):
    """Run noticeboard.py for a month, in its folder."""
    return board_of(year, month), project.python("noticeboard.py", year, month, cwd=project.path)


def some_names(project, kind, count):
    """Standard names that can be hidden, others for each edit of the submission."""
    return project.varied(kind).sample(HIDEABLE, count)


def extensions(project):
    """The endings of extension modules; the judge's own, for the version that runs the project."""
    ours, (major, minor) = f"{sys.version_info[0]}{sys.version_info[1]}", project.virtualenv.interpreter.minor
    return sorted((suffix.replace(ours, f"{major}{minor}") for suffix in EXTENSION_SUFFIXES), key=len)


def desk(project, place, *files, text=""):
    """A copy where doctor.py is in `office`, and these files are in `desk`."""
    named = [f"desk/{name}" for name in files]
    folders = sorted({name.rpartition("/")[0] for name in named})
    note = f"mkdir -p {shlex.join(folders)} && touch {shlex.join(named)}" + (f"; they say {text}" if text else "")
    return project.copy(place, inside="office", note=note, files=dict.fromkeys(named, text))


def examined(project, place, *files, inside=False):
    """What doctor.py says of a folder that holds these files; `inside` of it, its name is a dot."""
    copy = desk(project, place, *files)
    if inside:
        return copy.python(copy / "office/doctor.py", ".", cwd=copy / "desk")
    return copy.python("office/doctor.py", copy / "desk", cwd=copy.path)


@observation
def centuries(project):
    """The board in two years that end in 00, one without a leap day and one with it."""
    years = project.varied("century").choice(CENTURIES), project.varied("leap century").choice(LEAP_CENTURIES)
    return [by_script(project, year, 2) for year in years]


@observation
def two_holidays(project):
    return by_script(project, *some_month(project, 2))


@observation
def no_holiday(project):
    return by_script(project, *some_month(project, 0))


@observation
def module(project):
    year = project.varied("leap year").choice(LEAP_YEARS)
    return board_of(year, 2), project.python("-m", "noticeboard", year, 2, cwd=project.path)


@observation
def elsewhere_imported(project):
    year, month = some_month(project, 1)
    plain = project.varied("plain year").randrange(1801, 2399, 4)  # the rule for leap years is another check's business
    given = {"year": year, "month": month, "plain_year": plain}
    months = [board_of(plain, each) for each in range(1, 13)]
    return board_of(year, month), months, project.on_path().probe(ELSEWHERE, given=given)


@observation
def standard_names(project):
    """The standard modules that an import would find in the project's folder."""
    return project.probe(FOLDER, given={"folder": str(project.path)})


@observation
def source_files(project):
    names = sorted({*some_names(project, "source", 3), *IMPORTED_BY_DOCTORS})
    copy = desk(project, "first desk", *(f"{name}.py" for name in names), text=TRAP)
    return names, copy.workshop(DOCTOR).shown_as('python office/doctor.py "$PWD/desk"; ls desk')


@observation
def other_kinds(project):
    native = extensions(project)
    endings = ("/__init__.py", ".pyc", "/__init__.pyc", *native, *(f"/__init__{suffix}" for suffix in native[-1:]))
    names = some_names(project, "others", len(endings))
    files = [name + ending for name, ending in zip(names, endings, strict=True)]
    return sorted(names), examined(project, "second desk", f"{names[0]}.py", *files, inside=True)


@observation
def harmless(project):
    hit, folder, cached, text, copy, deep, native, longer = some_names(project, "harmless", 8)
    major, minor = project.virtualenv.interpreter.minor
    files = (
        f"{hit}.py",
        f"{folder}/tool.py",
        f"__pycache__/{cached}.cpython-{major}{minor}.pyc",
        f"{text}.txt",
        f"{copy}.py.old",
        f"{native}.old{EXTENSION}",
        f"{longer[:-1]}.py",
        f"{longer}s_{hit}.py",
        f"attic/{deep}.py",
        "notes.py",
        *(f"{name}.py" for name in BUILT_IN),
    )
    return [hit], examined(project, "third desk", *files)


@observation
def clean(project):
    return examined(project, "tidy desk", "notes.py", "drawer/__init__.py")


def listed(seen):
    """The names that the doctor printed; None if it is no JSON list of names."""
    found = seen.json
    return found if isinstance(found, list) and all(isinstance(name, str) for name in found) else None


def expect_names(looked, said, names):
    """The doctor prints just these names."""
    found = listed(said)
    looked.that("a JSON list of names on stdout", found is not None, said.printed)
    looked.equal("the list", names, found)
    return looked


def days_of(lines):
    """The lines about days."""
    return [line for line in lines if isinstance(line, str) and line.startswith("days:")]


@check(points=15, clause=1)
def test_script(centuries):
    """Run as a script, the board shows the days of a month and its holiday."""
    for wanted, seen in centuries:
        why = "The board counts days and has a holiday to show. Which calendar does each of your imports give you?"
        counted = days_of(seen.lines)
        if counted and counted != days_of(wanted):
            why = "February has 28 days or 29. What is the rule for such a year, and which standard module knows it?"
        expect(seen, why).status(0).stdout(*wanted)


@check(points=15, clause=2)
def test_module_and_import(module, elsewhere_imported):
    """Run by `-m`, and imported by a program elsewhere, it does the same."""
    why = "The board was started in another way. What is on sys.path then, and what does your program rely on?"
    wanted, seen = module
    expect(seen, why).status(0).stdout(*wanted)
    wanted, months, seen = elsewhere_imported
    looked = expect(seen, why)
    found = looked.reported(Elsewhere)
    trouble = found.not_imported or found.no_board
    looked.that("noticeboard can be imported, and its board called", not trouble, trouble)
    looked.equal("board(…)", wanted, found.board)
    kind = "The lines are right, but board must return a list. What type does it return?"
    expect(seen, kind).equal("type of board(…)", "list", found.kind)
    why = "One month is right, and another isn't. For which months does your board know the holidays?"
    looked = expect(seen, why)
    boards = found.months if isinstance(found.months, list) else []
    looked.equal("the number of boards, one for each month", 12, len(boards))
    for month, (wanted, board) in enumerate(zip(months, boards, strict=True), 1):
        # Their order is test_holidays' business.
        came = sorted(map(str, board)) if isinstance(board, list) else board
        looked.equal(f"what stands on the board of month {month}, sorted,", sorted(wanted), came)


@check(points=15, clause=3)
def test_standard_library(project, standard_names, module, elsewhere_imported):
    """The folder hides no standard module, and standard modules that use calendar work."""
    wanted, _, seen = elsewhere_imported
    why = "Other programs have your folder on their path, too. Which file do they get if they import a standard module?"
    looked = expect(standard_names, why)
    looked.none("no module with a standard name in the folder", looked.reported(list[str]), "modules there: ")
    looked = expect(seen, why)
    found = looked.reported(Elsewhere)
    boards = [(wanted, found.board), (module[0], module[1].lines)]
    works = any(isinstance(board, list) and days_of(board) == days_of(wanted) for wanted, board in boards)
    # That it can't be imported elsewhere is another check's business, if it runs in its folder.
    looked.that("a board that counts days", works, found.not_imported or found.no_board or found.board)
    looked.that("standard modules can be imported", not found.trouble, found.trouble)
    ours = not isinstance(found.calendar, str) or found.calendar.startswith(str(project.path))
    looked.that("`import calendar` gives the standard module", not ours, f"it gives {found.calendar}")
    looked.equal("sys.path", found.path, found.path_after)


@check(points=10, clause=1)
def test_holidays(two_holidays, no_holiday):
    """Months with two local holidays, and with none, are right."""
    why = "One of these months has two local holidays, the other has none. What happened to the list, and to its order?"
    for wanted, seen in (two_holidays, no_holiday):
        expect(seen, why).status(0).stdout(*wanted)


@check(points=15, clause=(4, 7))
def test_source_files(source_files):
    """The doctor finds source files that have standard names, and runs none of them."""
    names, seen = source_files
    why = "Each file there would run if it were imported. How can you find the files without importing them?"
    found = expect(seen, why).reported(Examined)
    if listed(found.said) and not found.ran:
        why = (
            "Look at the name that is missing, or shouldn't be there. Would a program in DIR get it wrong, or does "
            "your answer depend on what doctor.py has imported?"
        )
    looked = expect(seen, why)
    looked.none("no file in DIR that was run", found.ran, "left behind: ")
    expect_names(looked, found.said, names)


@check(points=15, clause=4)
def test_other_kinds(other_kinds):
    """The doctor finds packages, bytecode and extension modules, each name once."""
    names, seen = other_kinds
    why = "Source files are one kind of module. Which other files would an import of these names take?"
    if listed(seen) == []:
        why = "DIR is a dot here, which means the working directory. Which folder did doctor.py look into?"
    expect_names(expect(seen, why), seen, names)


@check(points=10, clause=5)
def test_harmless(harmless):
    """The doctor doesn't list files and folders that hide nothing."""
    names, seen = harmless
    why = (
        "One file there does harm, and the others only seem to. For each name in the list: would Python take that file?"
    )
    expect_names(expect(seen, why), seen, names)


@check(points=5, clause=6)
def test_status(source_files, clean):
    """The doctor's status is 1 if something was found, else 0."""
    why = "Other programs look at the doctor's exit status. Which of your lines sets it?"
    _, seen = source_files
    looked = expect(seen, why)
    said = looked.reported(Examined).said
    looked.ended("doctor.py", said, 1).that("a list on stdout", bool(said.lines), said.printed)
    looked = expect(clean, why)
    expect_names(looked, clean, [])
    looked.status(0)
