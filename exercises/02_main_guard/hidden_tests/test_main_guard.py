"""Checks of 02 main_guard."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, filled, observation

NAMES = ("Avocet", "Brill", "Gannet", "Petrel", "Skua", "Tern")
CODE = (".py", ".pyc", ".so", ".pyd")

ODD = ("\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")
"""Where str.splitlines ends a line and a file doesn't."""
OTHER_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Here a file is taken for ASCII, unless the program names an encoding."""

# What loading the file changes and opens, and whether it works then; LOAD loads it, and leaves what it made in `names`.
LOADED = """
import os, runpy, sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from os import getcwd
def state():
    return {"cwd": getcwd(), "os.environ": {**os.environ}, "sys.argv": sys.argv[:], "sys.path": sys.path[:]}
def outcome(ask):
    try:
        return ask()
    except BaseException as error:
        return repr(error)
before, opened = state(), []
sys.addaudithook(lambda event, about: opened.append(about[0]) if event == "open" else None)
LOAD
functions = [name for name in names if callable(names[name])]
after, loaded = state(), [*opened]
changed = [what for what in before if after[what] != before[what]]
with redirect_stdout(StringIO()) as told, redirect_stderr(StringIO()):
    outcome(lambda: names["main"](["night.txt"]))
told = told.getvalue()
count = outcome(lambda: names["count"](lines))
see({"functions": functions, "opened": loaded, "changed": changed, "told": told, "count": count})
"""
IMPORT = LOADED.replace("runpy, ", "").replace("LOAD", "import tally\nnames = vars(tally)")
# Only the last of these is looked at closely, but what any of them does shows.
OTHER_NAMES = LOADED.replace(
    "LOAD",
    """
for other in others:
    names = runpy.run_path("office/tally.py", run_name=other)
""".strip(),
)

COUNT = """
import tally
lines = LINES
counts = [tally.count(lines)]
counts += [tally.count(line + "\\n" for line in lines)]
counts += [tally.count(dict(enumerate(lines)).values())]
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
    told: str
    count: Any


@observation
def lines(project):
    """Lines of a night, and how many of them count; both are new for each edit of the submission."""
    random = project.varied("night")
    count = random.randrange(6, 16)
    vessels = ["Tern", "Tern", "  Skua", "Ærfugl # in tow", *random.choices(NAMES, k=count - 4)]
    night = [*vessels, "", "   ", "\u00a0", "# fog", "#", " \t # wind"]
    random.shuffle(night)
    return night, count


def typed(lines):
    """Words for a shell whose printf makes these lines; what can't be seen is given as its bytes."""
    return shlex.join("".join(char if char.isprintable() else octal(char) for char in line) for line in lines)


def octal(char):
    """A character as printf's %b takes it."""
    return "".join(f"\\0{byte:03o}" for byte in char.encode())


@observation
def watch(project, lines):
    """The lines of a log with characters in them that are no line ends, though they look like some; and the count."""
    random = project.varied("watch")
    odd = [f"Tern{end}{name}" for end, name in zip(random.sample(ODD, 3), random.choices(NAMES, k=3), strict=True)]
    return [*lines[0], *odd], lines[1] + len(odd)


@observation
def night(project, lines, watch):
    """A copy of the project, in a folder beside the logs of that night."""
    logs = {"night.txt": lines[0], "watch.txt": watch[0]}
    note = "\n".join(f"printf '%b\\n' {typed(log)} > {name}" for name, log in logs.items())
    files = {name: "".join(f"{line}\n" for line in log) for name, log in logs.items()}
    return project.copy("may 4", inside="office", note=note, files=files)


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
    """Run by its module name, where Python is told of another encoding than a log's."""
    return night.python("-m", "tally", "../watch.txt", cwd=night / "office", env=OTHER_LOCALE)


@observation
def module_missing(project):
    """Run by its module name, and asked for a log that isn't there."""
    return project.python("-m", "tally", "../missing.txt", cwd=project.path)


@observation
def plain(project):
    """A few lines that nobody counts wrongly, and how many of them count."""
    count = project.varied("plain").randrange(2, 9)
    return ["# fog", *["Tern"] * count, ""], count


@observation
def imported(night, plain):
    """Imported while the command line names a log."""
    on_path = night.on_path("office")
    return on_path.probe(IMPORT, night / "office/log.txt", given={"lines": plain[0]}, cwd=night.path)


@observation
def counted(project, lines):
    """Imported for `count`, without any argument."""
    return project.on_path().probe(filled(COUNT, LINES=json.dumps(lines[0])))


@observation
def called(night):
    """Imported for `main`."""
    return night.on_path("office").probe(CALL_MAIN, "office/log.txt", "night.txt", cwd=night.path)


@observation
def loaded(project, night, plain):
    """Loaded by other names, while the command line names no log."""
    others = ["__mp_main__", "tally.__main__", project.varied("shift").name("night_shift")]
    given = {"others": others, "lines": plain[0]}
    return night.on_path("office").probe(OTHER_NAMES, "../missing.txt", given=given, cwd=night.path)


def expect_tally(seen, count, why):
    """It printed that tally; a wrong line asks for another reason than none."""
    if seen.status == 0 and seen.stdout.strip():
        why = (
            "It runs, but prints another line than it should. Which lines of the log count, and what type is their "
            "number?"
        )
    expect(seen, why).status(0).stdout(f"{count} vessels")


def expect_no_effect(seen, why, function, lines, plain):
    """Loading the file did nothing that shows, and what was loaded is of use."""
    looked = expect(seen, why)
    looked.that("nothing on stdout", not seen.stdout, seen.stdout.strip() or "white space")
    found = looked.reported(Loaded)
    looked.that("nothing on stderr", not seen.stderr, "something on stderr")
    looked.that(f"a function {function} in tally", function in found.functions, "no such function")
    opened = [name for name in map(str, found.opened) if not name.endswith(CODE)]
    looked.none("no file opened, except modules", opened)
    why = "The whole program shares these. Which of your lines changed them, and must that line run at the import?"
    expect(seen, why).none("cwd, os.environ, sys.argv and sys.path as they were", found.changed, "changed: ")
    # A file that does nothing has no effect either. Which of the two functions is wrong is for other checks to say.
    works = found.count == plain[1] or found.told.strip() == f"{lines[1]} vessels"
    why = "Loading tally printed nothing. Which of its functions can a program use now?"
    expect(seen, why).that("count or main works", works, f"count gave {found.count!r}, main printed {found.told!r}")


@check(points=15, clause=1, alone=False)
def test_as_program(lines, program):
    """Run by its file name, it prints the tally of the log that it is given."""
    why = "Run as a program, it should count the log. What is `__name__` then, and which lines run because of it?"
    expect_tally(program, lines[1], why)


@check(points=15, clause=(1, 2))
def test_unreadable_log(program, missing, folder):
    """If the log can't be opened, and only then, it ends with a message and status 2."""
    why = (
        "People read stderr, and the shell looks at the exit status. Where does your program find out that the log "
        "can't be opened, and which line sets the status?"
    )
    expect(program, why).status(0)
    for seen in (missing, folder):
        expect(seen, why).status(2).complains()


@check(points=10, clause=(1, 2))
def test_as_module(watch, module, module_missing):
    """`python -m tally` does the same, status included."""
    why = (
        "With -m Python finds the file by its module name, and runs it. What is `__name__` now, and what happens to "
        "the status?"
    )
    expect_tally(module, watch[1], why)
    expect(module_missing, why).status(2).complains()


@check(points=20, clause=3)
def test_silent_import(lines, plain, imported):
    """Importing it has no visible effect, even if a log is on the command line."""
    why = "This program only imports tally, to use it later. Which of your lines ran at once, and why?"
    expect_no_effect(imported, why, "count", lines, plain)


@check(points=10, clause=4)
def test_count(lines, counted):
    """`count` takes a list or a generator of lines, and needs no file."""
    why = "Here count gets lines, and no file. What does your count need, and which lines does it skip?"
    looked = expect(counted, why)
    numbers = looked.reported()
    wanted = [lines[1]] * 3 + [0]
    looked.that(f"the numbers {wanted}", repr(numbers) == repr(wanted), numbers)
    looked.silent()


@check(points=20, clause=5)
def test_main(lines, called):
    """`main` works on the arguments that it is given, and returns the status."""
    why = "Here other code calls main, four times. Where does main look for its arguments, and how does it end?"
    looked = expect(called, why)
    statuses = looked.reported(list)
    looked.stdout(CALLED.format(lines[1]))
    right = repr([0 if status is None else status for status in statuses]) == "[0, 2, 0, 0]"
    looked.that("main returns 0 or None, and 2 for the missing log", right, f"it returned {statuses}")


@check(points=10, clause=3)
def test_other_name(lines, plain, loaded):
    """Loaded under any other name, it doesn't act as a program."""
    why = "The same file was loaded under other names. How does your file find out that it runs as the program?"
    expect_no_effect(loaded, why, "main", lines, plain)
