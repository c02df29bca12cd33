"""Checks of 02 main_guard."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, filled, observation

NAMES = ("Avocet", "Brill", "Gannet", "Petrel", "Skua", "Tern")
CODE = (".py", ".pyc", ".so", ".pyd")

# What one load of the file changes and opens; LOAD is that load, and leaves what it loaded in `names`.
LOADED = """
import os, runpy, sys
from os import getcwd
def state():
    return {"cwd": getcwd(), "os.environ": {**os.environ}, "sys.argv": sys.argv[:], "sys.path": sys.path[:]}
before, opened = state(), []
sys.addaudithook(lambda event, about: opened.append(about[0]) if event == "open" else None)
LOAD
functions = [name for name in names if callable(names[name])]
after = state()
changed = [what for what in before if after[what] != before[what]]
see({"functions": functions, "opened": opened, "changed": changed})
"""
IMPORT = LOADED.replace("runpy, ", "").replace("LOAD", "import tally\nnames = vars(tally)")
OTHER_NAME = LOADED.replace("LOAD", 'names = runpy.run_path("tally.py", run_name="night_shift")')

COUNT = """
import tally
lines = LINES
counts = [tally.count(lines)]
counts += [tally.count(line + "\\n" for line in lines)]
counts += [tally.count([])]
see(counts)
"""

# The command line names two logs at first, and then another one than main is given. `status + 0` makes a number of a
# member of an IntEnum.
CALL_MAIN = """
import sys, tally
def plain(status):
    return status + 0 if isinstance(status, int) else status
del sys.argv[2]
print('main(["night.txt"]):', flush=True)
statuses = [plain(tally.main(["night.txt"]))]
print('main(["missing.txt"]):', flush=True)
statuses += [plain(tally.main(["missing.txt"]))]
sys.argv[1:] = ["night.txt"]
print("main():", flush=True)
statuses += [plain(tally.main())]
print("main(None):", flush=True)
statuses += [plain(tally.main(None))]
see(statuses)
"""

CALLED = """
main(["night.txt"]):
{0} vessels
main(["missing.txt"]):
main():
{0} vessels
main(None):
{0} vessels
"""


@dataclass
class Loaded:
    """What LOADED reports; what was opened may be named by anything."""

    functions: list[str]
    opened: list[Any]
    changed: list[str]


@observation
def lines(project):
    """Lines of a night, and how many of them count; both are new for each edit of the submission."""
    random = project.varied("night")
    count = random.randrange(6, 16)
    vessels = ["Tern", "Tern", "  Skua", "Ærfugl # in tow", *random.choices(NAMES, k=count - 4)]
    night = [*vessels, "", "   ", "\u00a0", "# fog", "#", " \t # wind"]
    random.shuffle(night)
    return night, count


@observation
def night(project, lines):
    """A copy of the project, in a folder beside the log of that night."""
    text = "".join(f"{line}\n" for line in lines[0])
    # A no-break space looks like any other, so it is given as its bytes.
    words = shlex.join(lines[0]).replace("'\u00a0'", "\"$(printf '\\302\\240')\"")
    note = f"printf '%s\\n' {words} > night.txt"
    return project.copy("may 4", inside="office", note=note, files={"night.txt": text})


@observation
def program(night):
    """Run by its file name."""
    return night.python("office/tally.py", "night.txt", cwd=night.path)


@observation
def missing(project):
    """Asked for a log that isn't there."""
    return project.python(project / "tally.py", "missing.txt")


@observation
def folder(project):
    """Asked for a folder."""
    return project.python(project / "tally.py", ".")


@observation
def module(night):
    """Run by its module name."""
    return night.python("-m", "tally", "../night.txt", cwd=night / "office")


@observation
def module_missing(project):
    """Run by its module name, and asked for a log that isn't there."""
    return project.python("-m", "tally", "../missing.txt", cwd=project.path)


@observation
def imported(project):
    """Imported while the command line names a log."""
    return project.on_path().probe(IMPORT, project / "log.txt")


@observation
def counted(project, lines):
    """Imported for `count`, without any argument."""
    return project.on_path().probe(filled(COUNT, LINES=json.dumps(lines[0])))


@observation
def called(night):
    """Imported for `main`."""
    return night.on_path("office").probe(CALL_MAIN, "office/log.txt", "night.txt", cwd=night.path)


@observation
def loaded(project):
    """Loaded by another name, while the command line names no log."""
    return project.probe(OTHER_NAME, "../missing.txt", cwd=project.path)


def expect_tally(seen, count, why):
    """It printed that tally; a wrong line asks for another reason than none."""
    if seen.status == 0 and seen.stdout.strip():
        why = "It runs, and prints another line than it should. Which lines count, and of what kind is their number?"
    expect(seen, why).status(0).stdout(f"{count} vessels")


def expect_no_effect(seen, why, function):
    """Loading the file did nothing that shows."""
    looked = expect(seen, why)
    looked.that("nothing on stdout", not seen.stdout, seen.stdout.strip() or "white space")
    found = looked.reported(Loaded)
    looked.that("nothing on stderr", not seen.stderr, "something on stderr")
    looked.that(f"a function {function} in tally", function in found.functions, "no such function")
    opened = [name for name in map(str, found.opened) if not name.endswith(CODE)]
    looked.none("no file opened, but for modules", opened)
    why = "All of the program that loads tally shares these. Which of your lines changed them, and must it run now?"
    expect(seen, why).none("cwd, os.environ, sys.argv and sys.path as they were", found.changed, "changed: ")


@check(points=15, clause=1, alone=False)
def test_as_program(lines, program):
    """Run by its file name, it prints the tally of the log that it is given."""
    why = "Run as a program it should count that log. What is `__name__` then, and which lines run because of it?"
    expect_tally(program, lines[1], why)


@check(points=15, clause=(1, 2))
def test_unreadable_log(program, missing, folder):
    """A log that can't be opened, and no other, ends it with a message and status 2."""
    why = (
        "People read stderr, the shell looks at the exit status. "
        "Where does your program find out that the log can't be opened, and who tells the shell?"
    )
    expect(program, why).status(0)
    for seen in (missing, folder):
        expect(seen, why).status(2).complains()


@check(points=10, clause=(1, 2))
def test_as_module(lines, module, module_missing):
    """`python -m tally` does the same, status included."""
    why = (
        "With -m Python finds the file by its module name, and runs it. "
        "What is `__name__` this time, and what becomes of the status?"
    )
    expect_tally(module, lines[1], why)
    expect(module_missing, why).status(2).complains()


@check(points=20, clause=3)
def test_silent_import(imported):
    """Importing it has no visible effect, even where a log stands on the command line."""
    why = "Somebody only imported tally, to use it later. Which of your lines ran at once, and what told them to?"
    expect_no_effect(imported, why, "count")


@check(points=10, clause=4)
def test_count(lines, counted):
    """`count` takes a list or a generator of lines, and needs no file."""
    why = "Here count is called by code that has lines, but no file. What does yours ask for, and what does it skip?"
    looked = expect(counted, why)
    numbers = looked.reported()
    wanted = [lines[1], lines[1], 0]
    looked.that(f"the numbers {wanted}", repr(numbers) == repr(wanted), numbers)
    looked.silent()


@check(points=20, clause=5)
def test_main(lines, called):
    """`main` works on the arguments that it is given, and returns the status."""
    why = "Here other code calls main, four times. Where does it look for its arguments, and how does it end?"
    looked = expect(called, why)
    statuses = looked.reported(list)
    looked.stdout(CALLED.format(lines[1]))
    right = repr([0 if status is None else status for status in statuses]) == "[0, 2, 0, 0]"
    looked.that("that main returns 0 or None, and 2 for the missing log", right, f"it returned {statuses}")


@check(points=10, clause=3)
def test_other_name(loaded):
    """Loaded under any other name it is no program either."""
    why = "The same file was loaded under the name night_shift. What does your file take for a sign that it is run?"
    expect_no_effect(loaded, why, "main")
