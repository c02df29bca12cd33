"""Checks of 31 spawned_main."""

import json
import multiprocessing
import shlex
from dataclasses import dataclass, field

from grader.checks import Ran, check, expect, filled, observation

METHODS = sorted(multiprocessing.get_all_start_methods())
OTHER_WORDS = ("sailed", "anchored", "refused", "towed")
SHIPS = ("Avocet", "Brill", "Gannet", "Petrel", "Skua", "Tern")

# Takes the place of the given logbook. Beside what that does, it writes down which process reads which log, and how
# that process was started. Where there is a file `meet`, a process waits before its first entry until another one
# reads, too. It waits as many seconds as that file says.
LOGBOOK = '''
"""Logs of the harbour office, entry by entry; who reads one is written down."""

import os
import sys
import time
from multiprocessing import parent_process

TRACE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "trace")


def start_method():
    """How this process was started, "" if multiprocessing didn't start it."""
    parent = parent_process()
    if parent is None:
        return ""
    if "--multiprocessing-fork" in sys.orig_argv:
        return "spawn"
    return "fork" if os.getppid() == parent.pid else "forkserver"


def meet():
    """Wait until two processes read, but not for ever; if nobody came, nobody waits again."""
    meet, readers, alone = (os.path.join(TRACE, name) for name in ("meet", "readers", "alone"))
    if not os.path.exists(meet):
        return
    os.makedirs(readers, exist_ok=True)
    with open(os.path.join(readers, str(os.getpid())), "w"):
        pass
    with open(meet) as patience:
        end = time.monotonic() + float(patience.read())
    while len(os.listdir(readers)) < 2 and not os.path.exists(alone):
        if time.monotonic() > end:
            with open(alone, "w"):
                pass
        time.sleep(0.01)


def entries(path):
    """Yield (number, word, ship) for each entry of a log: each line that is neither blank nor starts with #.

    The number is that of the line, counted from 1. The word is the line's first one. The ship is the rest, without the
    white space around it, and "" if nothing follows the word.
    """
    os.makedirs(TRACE, exist_ok=True)
    with open(os.path.join(TRACE, f"{os.getpid()}.txt"), "a", encoding="utf-8") as trace:
        trace.write(f"{start_method()}:{os.path.realpath(path)}\\n")
    meet()
    with open(path, encoding="utf-8") as log:
        for number, line in enumerate(log, 1):
            word, _, ship = line.strip().partition(" ")
            if word and not word.startswith("#"):
                yield number, word, ship.strip()
'''

# Runs one program, and tells what it printed, who read the logs, and what is in the journal then.
PROGRAM = """
import os
if patience:
    os.mkdir("trace")
    with open("trace/meet", "w") as file:
        file.write(str(patience))
ran = run(*words, cwd=folder, env={"PYTHONPATH": os.path.abspath("office")} if on_path else {})
read, top = [], os.path.realpath(".") + os.sep
for name in sorted(os.listdir("trace")) if os.path.isdir("trace") else []:
    if name.endswith(".txt"):
        lines = open(os.path.join("trace", name), encoding="utf-8").read().splitlines()
        read += [[name[:-4], *line.replace(top, "").split(":", 1)] for line in lines]
alone = os.path.exists("trace/alone")
journal = os.path.join(folder, "journal.txt")
journal = open(journal, encoding="utf-8").read() if os.path.isfile(journal) else ""
see({"ran": ran, "read": read, "alone": alone, "journal": journal})
"""

DEFAULT = "import multiprocessing; print(multiprocessing.get_context().get_start_method())"

# None of these scripts has arguments: where the import runs a whole program, that one finds no LOG and ends at once.
NIGHT_SHIFT = """
import json
import multiprocessing

import countlogs

if __name__ == "__main__":
    multiprocessing.set_start_method(OWN)
    numbers = countlogs.count_all(FIRST, WORD, method="spawn")
    numbers += countlogs.count_all(SECOND, WORD)
    print(json.dumps([numbers, multiprocessing.get_start_method()]))
"""

WORKERS = """
import json

import countlogs

LOGS = PATHS

if __name__ == "__main__":
    print(json.dumps(countlogs.count_all(LOGS, WORD, workers=COUNT, method=METHOD)))
"""

BAD_LOGS = """
import json
import os

import countlogs


def outcome(logs):
    try:
        return ["returned", repr(countlogs.count_all(logs, method="spawn"))]
    except countlogs.BadLog as error:
        return ["BadLog", os.fspath(error.path), error.number]
    except OSError:
        return ["OSError"]
    except Exception as error:
        return [type(error).__name__, str(error)]


if __name__ == "__main__":
    print(json.dumps([outcome([GOOD, BAD]), outcome([MISSING])]))
"""

ONE_LINE = "import countlogs; print(countlogs.count_all(LOGS, method='spawn'))"

# Started by fork_exec, which multiprocessing calls for spawn and forkserver, a process raises no audit event.
IMPORT = """
import json, multiprocessing, os, sys
import multiprocessing.util as util
opened, started = [], []
def note(event, about):
    if event == "open" and not str(about[0]).endswith((".py", ".pyc", ".so", ".pyd")):
        opened.append(str(about[0]))
    if event in ("os.fork", "os.posix_spawn", "os.system", "subprocess.Popen", "_winapi.CreateProcess"):
        started.append(event)
def noting(start):
    def noted(*args):
        started.append("multiprocessing")
        return start(*args)
    return noted
if hasattr(util, "spawnv_passfds"):
    util.spawnv_passfds = noting(util.spawnv_passfds)
sys.addaudithook(note)
import countlogs
method = multiprocessing.get_start_method(allow_none=True)
seen = {"opened": opened[:], "started": started[:], "method": method, "usable": callable(countlogs.count_all)}
print(json.dumps(seen))
"""


@dataclass
class Run:
    """What PROGRAM reports."""

    ran: Ran
    read: list[tuple[str, str, str]]
    """Process, start method and log of everything that was read."""
    alone: bool
    """Whether a reader waited in vain for another one."""
    journal: str


@dataclass
class Imported:
    """What IMPORT prints."""

    opened: list[str]
    started: list[str]
    method: str | None
    usable: bool


@dataclass(frozen=True)
class Year:
    """Logs in a copy of the project, and what is in them."""

    logs: dict[str, list[str]]
    """The lines of each log that can be counted, by its path in the copy."""
    word: str
    """What is counted, if not what has arrived."""
    bad: str
    bad_lines: list[str] = field(repr=False)
    number: int
    """The line of the bad log that has no ship."""
    missing: str
    journal: str
    """The line that is in the journal from before."""
    own: str
    """The start method of the script that sets one."""
    single: str
    """The start method of the one call that has one worker."""

    def workers(self, method):
        """How many workers there are to be."""
        return 1 if method == self.single else 3

    def numbers(self, logs, word="arrived"):
        """How many entries of each log have a word."""
        return [sum(line.split()[:1] == [word] for line in self.logs[log]) for log in logs]

    def printed(self, logs, word="arrived"):
        """The lines that the program prints."""
        return [f"{log.rpartition('/')[2]}: {n}" for log, n in zip(logs, self.numbers(logs, word), strict=True)]


def log(draws, word, arrived, counted):
    """The lines of a log with so many entries of two words, and others that somebody may take for one."""
    ship, *others = draws.sample(SHIPS, 4)
    lines = [f"arrived {ship}"] * arrived + [f"{word} {ship}"] * counted
    lines += [f"{word}-late {others[0]}", f"Arrived {others[1]}", f"passed arrived {word}", f"# {word} {others[2]}", ""]
    draws.shuffle(lines)
    return lines


@observation
def default(project):
    """The start method of a program that chooses none."""
    return project.python("-I", "-c", DEFAULT)


@observation
def year(project, default):
    draws = project.varied("year")
    word, folder = draws.choice(OTHER_WORDS), draws.name("old logs", " ")
    # Two have the same name, and the order of the others is not that of their numbers either.
    spring, autumn = draws.names("spring", "autumn", between="-")
    names = [f"{folder}/{spring}.log", f"{folder}/{autumn}.log", f"{folder}/attic/{spring}.log"]
    names += [f"{folder}/attic/{name}.log" for name in draws.names("winter", "summer", "fog", between="-")]
    arrived, counted = draws.sample(range(1, 8), 6), draws.sample(range(1, 8), 6)
    logs = {name: log(draws, word, *pair) for name, *pair in zip(names, arrived, counted, strict=True)}
    bad_lines = ["# fog", *log(draws, word, 2, 2)]
    number = draws.randrange(3, len(bad_lines) + 1)
    bad_lines.insert(number - 1, draws.choice(("passed", "lost", "hailed")))
    single = draws.choice(METHODS)
    bad, missing = draws.names("bad", "missing", between="-")
    # Neither the one that is asked for afterwards nor this Python's own, where there is a third.
    own = [each for each in METHODS if each not in ("spawn", default.stdout.strip())] or METHODS
    first = f"{draws.randrange(2, 90)} logs"
    bad, missing = f"{folder}/{bad}.log", f"{folder}/{missing}.log"
    return Year(logs, word, bad, bad_lines, number, missing, first, own[0], single)


@observation
def office(project, year):
    """A copy of the project in a folder beside the logs, and beside a desk with a journal."""
    logs = year.logs | {year.bad: year.bad_lines}
    paths, word = above(year.logs), json.dumps(year.word)
    scripts = {
        "shift": filled(NIGHT_SHIFT, OWN=json.dumps(year.own), FIRST=paths[1:3], WORD=word, SECOND=paths[3:5]),
        "bad": filled(BAD_LOGS, GOOD=repr(paths[0]), BAD=repr(f"../{year.bad}"), MISSING=repr(f"../{year.missing}")),
    }
    for each in METHODS:
        values = {"PATHS": paths, "WORD": word, "COUNT": year.workers(each), "METHOD": json.dumps(each)}
        scripts[f"with_{each}"] = filled(WORKERS, **values)
    files = {name: "".join(f"{line}\n" for line in lines) for name, lines in logs.items()}
    files |= {f"night/{name}.py": text.lstrip() for name, text in scripts.items()}
    files |= {"desk/journal.txt": f"{year.journal}\n", "office/logbook.py": LOGBOOK.lstrip()}
    made = [f"printf '%s\\n' {shlex.join(lines)} > {shlex.quote(name)}" for name, lines in logs.items()]
    note = "\n".join([*made, f"printf '%s\\n' {shlex.quote(year.journal)} > desk/journal.txt"])
    made = project.copy("year", inside="office", note=note, files=files)
    return made, scripts


def program(office, folder, *words, on_path=False, patience=0):
    """Run `python` with these words in a folder of the copy."""
    given = {"words": ["python", *map(str, words)], "folder": folder, "on_path": on_path, "patience": patience}
    seen = office[0].workshop(PROGRAM, given=given)
    path = 'PYTHONPATH="$WORK/office" ' if on_path else ""
    name = str(words[0]).removesuffix(".py")
    script = [f"# night/{name}.py is", *office[1][name].strip().split("\n")] if name in office[1] else []
    # What a script is made of is told as comments, so that the whole can be pasted.
    told = [line if line.startswith("#") else f"#     {line}".rstrip() for line in script]
    return seen.shown_as(*told, f"cd {shlex.quote(folder)} && {path}python {shlex.join(map(str, words))}")


def above(logs):
    """The paths of logs from a folder of the copy."""
    return [f"../{name}" for name in logs]


@observation
def usual(office, year):
    """The program as it is started every day."""
    logs = list(year.logs)[:2]
    return logs, program(office, "desk", "../office/countlogs.py", *above(logs))


@observation
def by_method(office, year):
    """The program with each start method, for another word."""
    logs = [*list(year.logs)[:3], next(iter(year.logs))]
    words = ["../office/countlogs.py", "--word", year.word]
    ran = {each: program(office, "desk", *words, "--method", each, *above(logs)) for each in METHODS}
    return logs, ran


@observation
def as_module(office, year):
    """The program by its module name, in a folder with the logs."""
    folder, _, _ = year.bad.rpartition("/")
    logs = list(year.logs)[2:3]
    names = [name.removeprefix(f"{folder}/") for name in logs]
    words = ["-m", "countlogs", "--word", year.word, "--method", "spawn"]
    return logs, program(office, folder, *words, *names, on_path=True)


@observation
def shift(office, year):
    """A script that has set another start method."""
    return list(year.logs)[1:5], program(office, "night", "shift.py", on_path=True)


@observation
def one_line(office, year):
    """A program that is no file."""
    logs = list(year.logs)[4:5]
    return logs, program(office, "night", "-c", filled(ONE_LINE, LOGS=above(logs)), on_path=True)


@observation
def readers(office, year):
    """Who reads six logs, with one worker or three, by each start method."""
    # Where nobody must come, nobody is waited for as long.
    patience = {each: 4 if year.workers(each) > 1 else 0.7 for each in METHODS}
    return {
        each: program(office, "night", f"with_{each}.py", on_path=True, patience=patience[each]) for each in METHODS
    }


@observation
def imported(office):
    """Imported, and not used."""
    copy = office[0]
    return copy.on_path("office").python("-c", IMPORT.strip())


@observation
def bad_logs(office):
    """What comes out of count_all."""
    return program(office, "night", "bad.py", on_path=True)


@observation
def bad_programs(office, year):
    """The program with a bad log, and with one that isn't there."""
    good = next(iter(year.logs))
    # How an error travels has been seen by then; this is the method that takes the least time.
    words = ["../office/countlogs.py", "--method", METHODS[0]]
    return [program(office, "desk", *words, *above([good, name])) for name in (year.bad, year.missing)]


def expect_run(seen, why):
    """What PROGRAM reports."""
    looked = expect(seen, why)
    return looked, looked.reported(Run)


def expect_printed(looked, found, wanted):
    """The program printed these lines and ended with status 0."""
    what = "\n".join([*wanted, "and exit status 0"])
    looked.that(what, (found.ran.status, found.ran.lines) == (0, wanted), found.ran)


def expect_started(looked, found, method, logs):
    """These logs were read, all of them in processes that were started by one method."""
    for log in dict.fromkeys(logs):
        methods = sorted({how or "none: it isn't one of multiprocessing" for _, how, name in found.read if name == log})
        came = f"start method: {', '.join(methods)}" if methods else "nobody called logbook.entries for it"
        looked.that(f"{log} is read in a process started by {method}", methods == [method], came)


@check(points=10, clause=1, needs="test_each_method")
def test_default_method(year, usual, default):
    """Without options it counts arrivals, in processes that start as this Python starts them."""
    method = default.stdout.strip()
    expect(default, "Which start method is this Python's own?").status(0)
    looked, found = expect_run(
        usual[1], "The command line names no start method here. Which of your lines chose the one that was used?"
    )
    expect_printed(looked, found, year.printed(usual[0]))
    expect_started(looked, found, method, usual[0])


@check(points=20, clause=1)
def test_each_method(year, by_method):
    """With each start method it counts the word that it is asked for."""
    logs, ran = by_method
    for method, seen in ran.items():
        why = (
            f"The children were to start by {method}. What does such a child import, under which name, "
            "and how does it learn which word to count?"
        )
        looked, found = expect_run(seen, why)
        expect_printed(looked, found, year.printed(logs, year.word))
        expect_started(looked, found, method, logs)


@check(points=10, clause=3)
def test_as_module(year, as_module):
    """`python -m countlogs` does the same, with paths from the working directory."""
    why = "It ran by its module name, in another folder than its own. From which folder do these paths start?"
    looked, found = expect_run(as_module[1], why)
    expect_printed(looked, found, year.printed(as_module[0], year.word))


@check(points=15, clause=(2, 4))
def test_other_programs(year, shift, one_line):
    """A script and a one-line program can call count_all, and keep their own start method."""
    why = "Here another program calls count_all. Which of your lines have run by then, and what does each child import?"
    logs, seen = one_line
    looked, found = expect_run(seen, why)
    wanted = str(year.numbers(logs))
    looked.that(f"it prints the list {wanted}", found.ran.lines == [wanted], found.ran)
    logs, seen = shift
    looked, found = expect_run(seen, why)
    numbers, method = [found.ran.json, None] if not is_pair(found.ran.json) else found.ran.json
    looked.that(f"the numbers {year.numbers(logs, year.word)}", numbers == year.numbers(logs, year.word), found.ran)
    expect_started(looked, found, "spawn", logs[:2])
    expect_started(looked, found, year.own, logs[2:])
    why = "The script had chosen its start method before it called count_all. Which of your lines changes it?"
    expect(seen, why).equal("the start method of the script afterwards", year.own, method)


def is_pair(value):
    """Whether a JSON value is a list of two."""
    return isinstance(value, list) and len(value) == 2


def expect_json(looked, found, wanted):
    """The program printed this value."""
    looked.that(f"the numbers {wanted}", found.ran.json == wanted, found.ran)


@check(points=10, clause=2)
def test_readers(year, readers):
    """The logs are read in other processes, as many as there are workers."""
    for method, seen in readers.items():
        workers = year.workers(method)
        why = f"There were {len(year.logs)} logs, and workers={workers}. Which process read which log, and when?"
        looked, found = expect_run(seen, why)
        expect_json(looked, found, year.numbers(year.logs, year.word))
        expect_started(looked, found, method, year.logs)
        processes = len({process for process, _, _ in found.read})
        looked.that(f"{workers} processes that read, at most", processes <= workers, f"{processes} processes")
        met = workers == 1 or (processes > 1 and not found.alone)
        looked.that("two processes that read at the same time", met, "one that reads while no other one does")


@check(points=10, clause=4, alone=False)
def test_import(imported):
    """Importing it prints nothing, starts nothing, opens nothing and chooses nothing."""
    why = (
        "This program only imports countlogs, and so does each child. Which of your lines ran, and must they run at "
        "an import?"
    )
    looked = expect(imported, why).status(0)
    lines = imported.lines
    found = imported.json if len(lines) == 1 else None
    looked.that("nothing on stderr, and on stdout nothing but these facts", isinstance(found, dict), imported.printed)
    looked.none("no output of the import", imported.stderr.strip().splitlines())
    looked.none("no file opened, but for modules", list(found["opened"]), "opened: ")
    looked.none("no process started", list(found["started"]), "started by: ")
    looked.equal("get_start_method(allow_none=True)", None, found["method"])
    looked.that("a function count_all", found["usable"] is True, "no such function")


@check(points=10, clause=5, alone=False)
def test_journal(year, by_method):
    """Each run appends one line to the journal, whatever the start method."""
    for method, seen in by_method[1].items():
        why = f"One run, with children started by {method}. Which processes have run the lines that write?"
        looked, found = expect_run(seen, why)
        before, lines = f"{year.journal}\n", found.journal.splitlines()
        wanted = f"desk/journal.txt with the line {year.journal!r} as before, and one more line"
        added = found.journal.startswith(before) and found.journal.endswith("\n") and len(lines) == 2
        looked.that(wanted, added, f"these lines: {lines}")


@check(points=15, clause=6)
def test_bad_logs(year, bad_logs, bad_programs):
    """A log that is bad or missing ends it with an error that says what was wrong."""
    why = "The error happened in a child. How is it sent to the parent, and what makes an exception from it again?"
    looked, found = expect_run(bad_logs, why)
    outcomes = found.ran.json if is_pair(found.ran.json) else [None, None]
    wanted = ["BadLog", f"../{year.bad}", year.number]
    looked.that(f"from count_all {wanted}", outcomes[0] == wanted, outcomes[0] or found.ran)
    looked.that("from count_all an OSError", outcomes[1] == ["OSError"], outcomes[1] or found.ran)
    why = (
        "People read stderr, and the shell looks at the exit status. Where does the program find out that a log was "
        "bad?"
    )
    for seen in bad_programs:
        looked, found = expect_run(seen, why)
        looked.ended("the program", found.ran, 2)
        looked.that("nothing on stdout", not found.ran.stdout.strip(), found.ran.printed)
        looked.that("a message on stderr", bool(found.ran.stderr.strip()), "nothing on stderr")
