"""Checks of 24 reload_safely."""

from dataclasses import dataclass
from textwrap import indent
from typing import Any

from grader.checks import check, expect, filled, observation

OLD = """\
STATE = ["HITS", "LOG"]
HITS, LOG, SEEN, FLAG, _mate, __mate = 0, [], [], "FOG", "Alma", "Ida"
HIT, mate__, _mate__, __mate_ = 1, 2, 3, 4
LIMIT = 60
def check(speed):
    global HITS
    HITS += speed > LIMIT
    LOG.append(speed)
    SEEN.append(speed)
    return speed <= LIMIT
"""

# `HITS` and `SEEN` are listed now and `LOG` is not any more, nor is `HIT`; `FLAG` and the mates are gone.
NEW = """\
HERE = sorted(globals())
STATE = ["HITS", "SEEN"]
HITS, LOG, SEEN, HIT, FOGHORN = 0, [], [], 2, True
LIMIT = LIMIT_VALUE
def check(speed):
    global HITS
    HITS += speed > LIMIT
    SEEN.append(speed)
    return f"{speed} of {LIMIT} knots"
"""

# Its last line has a letter that isn't ASCII; the others need the names that every module has.
FOREIGN = """\
assert __name__ == "pilots"
HOME = __file__
def check(speed):
    return f"{speed} nœuds"
"""

# What the new file does before it breaks off, and how it does that: drawn for each submission.
HALF_WAY = """\
STATE, FOG = ["LIMIT"], True
del FLAG
class Fog(Exception):
    "Nobody knows it yet."
"""
BREAKING_OFF = (
    "raise Fog",
    "FOG.lifts()",
    "{}[FOG]",
    "1 / (FOG - 1)",
    "import no_such_fog",
    "print(FLAG)",
    "assert not FOG",
)

# The module to refresh lies in the probe's own folder, so that it can be rewritten.
BEFORE = """
import os, sys
from shutil import copy
os.mkdir("bridge")
sys.path.insert(0, os.path.abspath("bridge"))
def put(book):
    copy(f"{books}/{book}.py", "bridge/pilots.py")
def attempt(ask):
    try:
        return ask()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def plain(module):
    return {name: value for name, value in vars(module).items() if not name[:2] == name[-2:] == "__"}
put("old")
import pilots, console
refresh = lambda: attempt(lambda: console.refresh(pilots))
"""

NEW_RULES = """
for speed in SPEEDS:
    pilots.check(speed)
special, listed = vars(pilots).keys() - plain(pilots).keys(), pilots.SEEN
put("new")
seen = {"result": refresh(), "same": sys.modules["pilots"] is pilots}
seen["special"] = [special, vars(pilots).keys() & special, vars(pilots).get("__name__")]
seen["new"] = plain(pilots)
seen["check"] = attempt(lambda: pilots.check(99))
seen["checked"] = plain(pilots)
seen["kept"] = seen["checked"].get("SEEN") is listed
put("newer")
refresh()
seen["newer"] = plain(pilots)
put("bare")
refresh()
seen["bare"] = plain(pilots)
put("leaning")
seen["leaning"] = refresh()
put("foreign")
refresh()
seen["foreign"] = attempt(lambda: pilots.check(99))
see(seen)
"""

# A refresh that can't succeed. What the names stood for before is out of reach while it runs.
TRY_OUT = """
before = plain(pilots)
result = refresh()
now, hits = plain(pilots), vars(pilots).get("HITS")
changed = sorted(name for name in before.keys() | now.keys() if now.get(name, seen) is not before.get(name, seen))
seen[BOOK] = {"result": result, "changed": changed}
seen[BOOK]["check"] = [attempt(lambda: pilots.check(SPEED)), attempt(lambda: pilots.check(99))]
seen[BOOK]["counted"] = attempt(lambda: pilots.HITS - hits)
"""
MENDING = """
put("mended")
seen["mended"] = refresh()
"""
AS_BEFORE = "\npilots.check(61)\nseen = {}"

# Beginning with the import of `tides`, bytecode is written. After each edit the file's times are the old ones.
SAME_SIZE_AND_TIME = """
import os, pathlib, sys
os.mkdir("bridge")
sys.path.insert(0, os.path.abspath("bridge"))
import console
sys.dont_write_bytecode = False
file = pathlib.Path("bridge/tides.py")
file.write_text("HIGH = FIRST\\n")
times = os.stat(file)
def put(line):
    file.write_text(line + "\\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
def refresh():
    try:
        return console.refresh(tides)
    except Exception as error:
        return repr(error)
import tides
cached, high = os.path.exists(tides.__spec__.cached), [tides.HIGH]
put("HIGH = SECOND")
refresh()
high.append(tides.HIGH)
put("HIGH = THIRD")
result = refresh()
high.append(tides.HIGH)
see({"cached": cached, "high": high, "result": result})
"""

CONSOLE_CHECK = """
import os, pathlib, sys
sys.path.insert(0, os.getcwd())
rules_of_today = pathlib.Path("rules.py")
rules_of_today.write_text("def check(speed): return f'{speed}, as today'\\n")
import console
says = [console.check(SPEED)]
import rules
from console import check
rules_of_today.write_text("def check(speed): return f'{speed}, WORD'\\n")
console.refresh(rules)
says += [rules.check(SPEED), console.check(SPEED), check(SPEED)]
see(says)
"""


@dataclass
class NewRules:
    """What NEW_RULES reports: of names like `__name__`, and of all others with what they stand for."""

    result: Any
    same: bool
    special: tuple[set[str], set[str], Any]
    new: dict[str, Any]
    check: Any
    checked: dict[str, Any]
    kept: bool
    newer: dict[str, Any]
    bare: dict[str, Any]
    leaning: Any
    foreign: Any

    @property
    def here(self):
        """The names that the new file found when it ran."""
        found = self.new.get("HERE")
        return {name for name in found if isinstance(name, str)} if isinstance(found, list) else set()


@dataclass
class Tried:
    """What is reported after a refresh that can't succeed."""

    result: Any
    changed: list[str]
    check: Any
    counted: Any


@dataclass
class AfterSlips:
    """What AFTER_SLIPS reports."""

    slip: Tried
    torn: Tried
    mended: Any
    removed: Tried


@dataclass
class AfterRaising:
    """What AFTER_RAISING reports."""

    raised: Tried
    leaning: Tried
    mended: Any


@dataclass
class SameSizeAndTime:
    """What SAME_SIZE_AND_TIME reports."""

    cached: bool
    high: list[Any]
    result: Any


@observation
def numbers(project):
    """A limit, a value, and speeds for the old limit of 60, of which `over` are too fast."""
    random = project.varied("rules")
    over = random.randrange(3, 30)
    slow = random.choices(range(5, 60), k=random.randrange(2, 6))
    return {
        "limit": random.randrange(70, 90),
        "fog": random.randrange(100, 1000),
        "speeds": [*random.choices(range(61, 90), k=over), *slow],
        "over": over,
        "highs": random.sample(range(100, 1000), 3),
        "speed": random.randrange(2, 60),
    }


def shelved(project, books, note):
    """A copy beside a folder of files that are to be `pilots.py`, one after the other."""
    files = {f"books/{name}.py": text.encode("utf-8", "surrogateescape") for name, text in books.items()}
    note = f"books/old.py says\n{indented(OLD)}\n{note}"
    return project.copy("sea", inside="watch", note=note, files=files).on_path("watch")


def trying_out(book, numbers):
    """The lines that try a refresh which can't succeed."""
    return filled(TRY_OUT.rstrip(), BOOK=repr(book), SPEED=numbers["speed"])


def indented(text):
    """A file's text for a note."""
    return indent(text, "    ").rstrip("\n")


@observation
def new_rules(project, numbers):
    new = NEW.replace("LIMIT_VALUE", str(numbers["limit"]))
    more = f'STATE = *STATE, "FOG"\nFOG = {numbers["fog"]}\n'
    bare, leaning = "HITS = -1\n", "WERE = HITS\nHITS = 0\n"
    books = {"old": OLD, "new": new, "newer": new + more, "bare": bare, "leaning": leaning, "foreign": FOREIGN}
    note = (
        f"books/new.py says\n{indented(new)}\nbooks/newer.py says the same, and\n{indented(more)}\n"
        f"books/bare.py says {bare.strip()}, books/leaning.py says\n{indented(leaning)}\n"
        f"and books/foreign.py says\n{indented(FOREIGN)}"
    )
    copy = shelved(project, books, note)
    body = filled(NEW_RULES, SPEEDS=numbers["speeds"])
    # Here Python takes text for ASCII if nobody says otherwise; only foreign.py has a letter beyond that.
    plainly = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return copy.probe(f"{BEFORE.rstrip()}{body}", given={"books": str(copy / "books")}, env=plainly)


MENDED = OLD.replace("60", "1").replace("FLAG", "FLAGS")


@observation
def after_slips(project, numbers):
    slip, torn = "def fog(:\n", "FOG = \udcff\n"
    books = {"old": OLD, "slip": OLD.replace("60", "1") + slip, "torn": OLD + torn, "mended": MENDED}
    note = """books/slip.py says the same, but LIMIT = 1, and then: def fog(:
books/torn.py says the same, and then: FOG = and the byte 0xff, which is no UTF-8
books/mended.py says the same, but LIMIT = 1, and FLAGS for FLAG"""
    copy = shelved(project, books, note)
    slips = [f'\nput("{book}"){trying_out(book, numbers)}' for book in ("slip", "torn")]
    removed = f'\nos.remove("bridge/pilots.py"){trying_out("removed", numbers)}'
    body = "".join([BEFORE.rstrip(), AS_BEFORE, *slips, MENDING.rstrip(), removed, "\nsee(seen)"])
    return copy.probe(body, given={"books": str(copy / "books")})


@observation
def after_raising(project, numbers):
    half_way = f"{HALF_WAY}{project.varied('fog').choice(BREAKING_OFF)}\n"
    leaning = "WERE = HITS\n"
    books = {
        "old": OLD, "raising": OLD.replace("60", "1") + half_way, "leaning": leaning + OLD, "mended": MENDED,
    }  # fmt: skip
    note = f"""books/raising.py says the same, but LIMIT = 1, and then
{indented(half_way)}
books/leaning.py says the same as old.py, but {leaning.strip()} before it all
books/mended.py says the same as old.py, but LIMIT = 1, and FLAGS for FLAG"""
    copy = shelved(project, books, note)
    raising = f'\nput("raising"){trying_out("raised", numbers)}'
    raising += f'\nput("leaning"){trying_out("leaning", numbers)}'
    body = f"{BEFORE.rstrip()}{AS_BEFORE}{raising}{MENDING.rstrip()}\nsee(seen)"
    return copy.probe(body, given={"books": str(copy / "books")})


@observation
def same_size_and_time(project, numbers):
    first, second, third = numbers["highs"]
    return project.on_path().probe(filled(SAME_SIZE_AND_TIME, FIRST=first, SECOND=second, THIRD=third))


@observation
def console_check(project, numbers):
    body = filled(CONSOLE_CHECK, SPEED=numbers["speed"], WORD=f"rule {numbers['fog']}")
    return project.on_path().probe(body)


@check(points=15, clause=1, alone=False)
def test_new_rules(new_rules, numbers):
    """The new rules are in force, in the same module, and refresh returns True."""
    why = (
        "The file was changed, and refreshed. Which names does the file find when it runs, and in which dictionary "
        "does it run?"
    )
    looked = expect(new_rules, why)
    seen = looked.reported(NewRules)
    looked.that("refresh returns True", seen.result is True, f"it gave {seen.result!r}")
    looked.that("the same module in sys.modules", seen.same, "another one")
    looked.equal("pilots.check(99)", f"99 of {numbers['limit']} knots", seen.check)
    special, left, name = seen.special
    looked.equal("pilots.__name__", "pilots", name)
    for when, there in (("while the file runs", seen.here), ("afterwards", left)):
        looked.none(f"names like __name__ and __spec__ as ever, {when}", sorted(special - there), "not there: ")
    why = (
        "One file has a letter that isn't ASCII. In which encoding is a source file, and in which encoding did you "
        "read it?"
    )
    expect(new_rules, why).equal("pilots.check(99) of foreign.py", "99 nœuds", seen.foreign)


@check(points=20, clause=2)
def test_state_kept(new_rules, numbers):
    """Names in the new STATE are kept, and work with the new functions; all others get new values."""
    why = (
        "Each file has a STATE of its own, or none. Which file's STATE says what is kept, and which object must each "
        "name keep?"
    )
    looked = expect(new_rules, why)
    seen = looked.reported(NewRules)
    over = numbers["over"]
    hits = [names.get("HITS") for names in (seen.new, seen.checked)]
    looked.equal("HITS after the refresh, and after check(99)", [over, over + 1], hits)
    looked.that("the object in SEEN", seen.kept, f"another object: {seen.checked.get('SEEN')!r}")
    looked.equal("SEEN after check(99)", [*numbers["speeds"], 99], seen.checked.get("SEEN"))
    looked.equal("LOG, which STATE doesn't name any more,", [], seen.new.get("LOG"))
    looked.equal("HIT, which STATE doesn't name,", 2, seen.new.get("HIT"))
    looked.equal("HITS of newer.py, whose STATE is a tuple,", over + 1, seen.newer.get("HITS"))
    looked.equal("FOG, new in newer.py and in its STATE,", numbers["fog"], seen.newer.get("FOG"))
    looked.equal("HITS of bare.py, which has no STATE,", -1, seen.bare.get("HITS"))


@check(points=15, clause=3)
def test_names_gone(new_rules):
    """Names that the file doesn't define any more are gone."""
    why = (
        "The module has a name that isn't in its file. When are names added to a module, and when does your code "
        "remove them?"
    )
    looked = expect(new_rules, why)
    seen = looked.reported(NewRules)
    wanted = ["FOGHORN", "HERE", "HIT", "HITS", "LIMIT", "LOG", "SEEN", "STATE", "check"]
    looked.equal("what is in pilots, but for names like __name__,", wanted, sorted(seen.new))
    mates = ["_mate", "__mate", "mate__", "_mate__", "__mate_"]
    old = ["FLAG", "HIT", "HITS", "LIMIT", "LOG", "SEEN", "STATE", *mates, "check"]
    found = [name for name in old if name in seen.here]
    looked.none("none of the old names while the file runs", found, "HERE, its first line, has ")
    looked.that("no success of leaning.py, which needs an old name", seen.leaning is not True, "refresh gave True")


@check(points=15, clause=4)
def test_syntax_error(after_slips):
    """A file that can't be compiled or read changes nothing, and refresh returns False."""
    why = (
        "A syntax error, a byte that isn't UTF-8, a missing file: at which step does each of them fail, and what had "
        "refresh changed before?"
    )
    looked = expect(after_slips, why)
    seen = looked.reported(AfterSlips)
    _unchanged(looked, seen.slip, "a syntax error", [True, False], 1)
    _unchanged(looked, seen.torn, "a byte that is no UTF-8", [True, False], 1)
    looked.that("True after it is repaired", seen.mended is True, f"it gave {seen.mended!r}")
    _unchanged(looked, seen.removed, "the removal of the file", [False, False], 2)


@check(points=15, clause=5)
def test_error_half_way(after_raising):
    """A file that raises half-way changes nothing, and refresh returns False."""
    why = "The file had run nearly to its end when it raised an exception. What must you restore, and from what?"
    looked = expect(after_raising, why)
    seen = looked.reported(AfterRaising)
    _unchanged(looked, seen.raised, "an exception", [True, False], 1)
    if seen.leaning.result is not True:  # that old names are still there is another check's business
        _unchanged(looked, seen.leaning, "an exception because an old name is missing", [True, False], 1)
    looked.that("True after it is repaired", seen.mended is True, f"it gave {seen.mended!r}")


@check(points=10, clause=6)
def test_same_size_and_time(same_size_and_time, numbers):
    """An edit that keeps size and time is noticed, even if there is bytecode."""
    why = "The file has other text, but the same size and time. How does Python recognise an old .pyc?"
    looked = expect(same_size_and_time, why)
    seen = looked.reported(SameSizeAndTime)
    looked.that("bytecode of tides.py before the first refresh", seen.cached, "none")
    looked.equal("tides.HIGH, before and after two refreshes,", numbers["highs"], seen.high)
    looked.that("refresh returns True", seen.result is True, f"it gave {seen.result!r}")


@check(points=10, clause=7)
def test_console_check(console_check, numbers):
    """`console.check` follows the rules in force, also where it was imported long before."""
    why = "console.check uses old rules. When does it find out which function to call?"
    speed = numbers["speed"]
    old, new = f"{speed}, as today", f"{speed}, rule {numbers['fog']}"
    expect(console_check, why).reports("what was said", [old, new, new, new])


def _unchanged(looked, tried, what, check, counted):
    """Nothing changed by a refresh that could not succeed."""
    looked.that(f"False after {what}", tried.result is False, f"it gave {tried.result!r}")
    looked.none("each name with the object that it had", tried.changed, "not so: ")
    looked.equal("what check says of two speeds then", check, tried.check)
    looked.equal("what it added to HITS", counted, tried.counted)
