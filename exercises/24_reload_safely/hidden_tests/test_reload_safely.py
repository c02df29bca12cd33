"""Checks of 24 reload_safely."""

from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

# Every probe writes the modules that it refreshes, into its own folder.
BEFORE = """
import os, pathlib, sys
sys.path.insert(0, os.getcwd())
def write(name, text):
    pathlib.Path(name).write_text(text, encoding="utf-8")
def attempt(function, argument):
    try:
        return function(argument)
    except Exception as error:
        return repr(error)
OLD = '''
STATE = ["HITS", "LOG"]
HITS, LOG, SEEN, FLAG, _mate = 0, [], [], "B", "Alma"
LIMIT = 60
def check(speed):
    global HITS
    HITS += speed > LIMIT
    LOG.append(speed)
    SEEN.append(speed)
    return speed <= LIMIT
'''
write("pilots.py", OLD)
import pilots, console
"""

# `HITS` and `SEEN` are listed now and `LOG` is not any more; `FLAG` and `_mate` are gone. Later `FOG` is listed, too.
NEW_RULES = """
for speed in SPEEDS:
    pilots.check(speed)
seen_before = pilots.SEEN
NEW = '''
STATE = ["HITS", "SEEN"]
HITS, LOG, SEEN, WHO = 0, [], [], __name__
LIMIT = LIMIT_VALUE
def check(speed):
    global HITS
    HITS += speed > LIMIT
    SEEN.append(speed)
    return f"{speed} of {LIMIT}"
'''
write("pilots.py", NEW)
now = lambda name: getattr(pilots, name, None)
seen = {"result": attempt(console.refresh, pilots), "same": sys.modules["pilots"] is pilots}
seen["who"], seen["special"] = now("WHO"), [now("__name__"), now("__file__")]
seen["names"] = sorted(name for name in vars(pilots) if not (name.startswith("__") and name.endswith("__")))
seen["hits"], seen["log"] = [now("HITS")], now("LOG")
seen["check"] = attempt(pilots.check, 99)
seen["hits"].append(now("HITS"))
seen["kept"], seen["seen"] = now("SEEN") is seen_before, now("SEEN")
write("pilots.py", NEW + "STATE += ['FOG']\\nFOG = FOG_VALUE\\n")
attempt(console.refresh, pilots)
seen["fog"] = now("FOG")
see(seen)
"""

AS_BEFORE = """
def changed(module, before):
    names = [name for name in before.keys() | vars(module).keys() if not name.startswith("__")]
    return sorted(name for name in names if vars(module).get(name, gone) is not before.get(name, gone))
gone = object()
pilots.check(61)
before = dict(vars(pilots))
def try_out(module):
    seen = {"result": attempt(console.refresh, module), "changed": changed(module, before)}
    hits = vars(module).get("HITS")
    seen["check"] = [attempt(lambda speed: module.check(speed), speed) for speed in (SPEED, 99)]
    seen["counted"] = attempt(lambda hits: module.HITS - hits, hits)
    return seen
"""

CANNOT_COMPILE = """
write("pilots.py", OLD.replace("60", "1") + "def fog(:")
seen = {"syntax": try_out(pilots)}
write("pilots.py", OLD.replace("60", "1").replace("FLAG", "FLAGS"))
seen["mended"] = attempt(console.refresh, pilots)
before = dict(vars(pilots))
os.remove("pilots.py")
seen["removed"] = try_out(pilots)
see(seen)
"""

HALF_WAY = """
write("pilots.py", OLD.replace("60", "1") + '''
STATE, FOG = ["LIMIT"], True
del FLAG
class Fog(Exception):
    "Nobody knows it yet."
raise Fog
''')
seen = {"raised": try_out(pilots)}
write("pilots.py", OLD.replace("60", "1"))
seen["mended"] = attempt(console.refresh, pilots)
see(seen)
"""

# Beginning with the import of `tides`, bytecode is written. After each edit the file's times are the old ones.
SAME_SIZE_AND_TIME = """
sys.dont_write_bytecode = False
write("tides.py", "HIGH = FIRST\\n")
times = os.stat("tides.py")
import tides
seen = {"cached": os.path.exists(tides.__spec__.cached), "high": [tides.HIGH]}
for high in (SECOND, THIRD):
    write("tides.py", f"HIGH = {high}\\n")
    os.utime("tides.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    seen["result"] = attempt(console.refresh, tides)
    seen["high"].append(tides.HIGH)
see(seen)
"""

CONSOLE_CHECK = """
import os, pathlib, sys
sys.path.insert(0, os.getcwd())
rules_of_today = pathlib.Path("rules.py")
rules_of_today.write_text("def check(speed): return f'{speed}, as today'\\n")
import console, rules
from console import check
says = [console.check(SPEED)]
rules_of_today.write_text("def check(speed): return f'{speed}, WORD'\\n")
console.refresh(rules)
says += [rules.check(SPEED), console.check(SPEED), check(SPEED)]
see(says)
"""


@dataclass
class NewRules:
    """What NEW_RULES reports."""

    result: Any
    same: bool
    who: Any
    special: list[Any]
    names: list[str]
    hits: list[Any]
    log: Any
    fog: Any
    check: Any
    kept: bool
    seen: Any


@dataclass
class Tried:
    """What is reported after a refresh that can't succeed."""

    result: Any
    changed: list[str]
    check: Any
    counted: Any


@dataclass
class CannotCompile:
    """What CANNOT_COMPILE reports."""

    syntax: Tried
    mended: Any
    removed: Tried


@dataclass
class HalfWay:
    """What HALF_WAY reports."""

    raised: Tried
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
    random = project.side.varied("rules")
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


@observation
def new_rules(project, numbers):
    body = NEW_RULES.replace("SPEEDS", str(numbers["speeds"])).replace("FOG_VALUE", str(numbers["fog"]))
    body = body.replace("LIMIT_VALUE", str(numbers["limit"]))
    return project.probe(BEFORE + body, env={"PYTHONPATH": project.path})


@observation
def cannot_compile(project, numbers):
    body = AS_BEFORE.replace("SPEED", str(numbers["speed"])) + CANNOT_COMPILE
    return project.probe(BEFORE + body, env={"PYTHONPATH": project.path})


@observation
def half_way(project, numbers):
    body = AS_BEFORE.replace("SPEED", str(numbers["speed"])) + HALF_WAY
    return project.probe(BEFORE + body, env={"PYTHONPATH": project.path})


@observation
def same_size_and_time(project, numbers):
    body = SAME_SIZE_AND_TIME
    for word, high in zip(("FIRST", "SECOND", "THIRD"), numbers["highs"], strict=True):
        body = body.replace(word, str(high))
    return project.probe(BEFORE + body, env={"PYTHONPATH": project.path})


@observation
def console_check(project, numbers):
    body = CONSOLE_CHECK.replace("SPEED", str(numbers["speed"])).replace("WORD", f"rule {numbers['fog']}")
    return project.probe(body, env={"PYTHONPATH": project.path})


@check(points=15, clause=1)
def test_new_rules(new_rules, numbers):
    """The new rules are in force, in the same module, and refresh returns True."""
    why = "The file was rewritten, and refreshed. What does the file find when it runs, and into what does it run?"
    looked = expect(new_rules, why)
    seen = looked.reported(NewRules)
    looked.that("that refresh returns True", seen.result is True, f"it gave {seen.result!r}")
    looked.that("the same module in sys.modules", seen.same, "another one")
    looked.equal("pilots.check(99)", f"99 of {numbers['limit']}", seen.check)
    looked.equal("pilots.WHO, which is __name__ while the file runs", "pilots", seen.who)
    name, file = (str(value) for value in (*seen.special, "", "")[:2])
    came = new_rules.scrub(f"{name} and {file}")
    looked.that("pilots.__name__ and __file__ as ever", (name, file.endswith("pilots.py")) == ("pilots", True), came)


@check(points=20, clause=2)
def test_state_kept(new_rules, numbers):
    """What the new STATE names is kept, and works with the new functions; all else starts anew."""
    why = "The old file named HITS and LOG in its STATE, the new one names HITS and SEEN, later FOG, too. What is kept?"
    looked = expect(new_rules, why)
    seen = looked.reported(NewRules)
    over = numbers["over"]
    looked.equal("HITS after the refresh, and after check(99)", [over, over + 1], seen.hits)
    looked.that("the object in SEEN", seen.kept, f"another object: {seen.seen!r}")
    looked.equal("SEEN after check(99)", [*numbers["speeds"], 99], seen.seen)
    looked.equal("LOG, which STATE doesn't name any more,", [], seen.log)
    looked.equal("FOG, new in the file and in STATE,", numbers["fog"], seen.fog)


@check(points=15, clause=3)
def test_names_gone(new_rules):
    """Names that the file doesn't define any more are gone."""
    why = "The module has a name that stands nowhere in its file. When are names put into a module, and when taken out?"
    looked = expect(new_rules, why)
    seen = looked.reported(NewRules)
    wanted = ["HITS", "LIMIT", "LOG", "SEEN", "STATE", "WHO", "check"]
    looked.equal("what is in pilots, but for names like __name__,", wanted, seen.names)


@check(points=15, clause=4)
def test_syntax_error(cannot_compile):
    """A file that can't be compiled or read changes nothing, and refresh returns False."""
    why = "There was a slip of the pen in the file, later there was no file. What had refresh done when it found out?"
    looked = expect(cannot_compile, why)
    seen = looked.reported(CannotCompile)
    _unchanged(looked, seen.syntax, "a syntax error", [True, False], 1)
    looked.that("True once it is mended", seen.mended is True, f"it gave {seen.mended!r}")
    _unchanged(looked, seen.removed, "the removal of the file", [False, False], 2)


@check(points=15, clause=5)
def test_error_half_way(half_way):
    """A file that raises half-way changes nothing, and refresh returns False."""
    why = "The file had run nearly to its end when it raised. What does it take to come back from there?"
    looked = expect(half_way, why)
    seen = looked.reported(HalfWay)
    _unchanged(looked, seen.raised, "an exception", [True, False], 1)
    looked.that("True once it is mended", seen.mended is True, f"it gave {seen.mended!r}")


@check(points=10, clause=6)
def test_same_size_and_time(same_size_and_time, numbers):
    """An edit that leaves size and time as they were is seen, though there is bytecode."""
    why = "The file has other text, but the size and the time that it had. By what does Python know an old .pyc?"
    looked = expect(same_size_and_time, why)
    seen = looked.reported(SameSizeAndTime)
    looked.that("bytecode of tides.py before the first refresh", seen.cached, "none")
    looked.equal("tides.HIGH, before and after two refreshes,", numbers["highs"], seen.high)
    looked.that("that refresh returns True", seen.result is True, f"it gave {seen.result!r}")


@check(points=10, clause=7)
def test_console_check(console_check, numbers):
    """`console.check` follows the rules in force, whoever took it when."""
    why = "Who asks the console hears old rules. When does console.check find out which function it is to call?"
    looked = expect(console_check, why)
    speed = numbers["speed"]
    old, new = f"{speed}, as today", f"{speed}, rule {numbers['fog']}"
    looked.equal("what was said", [old, new, new, new], looked.reported())


def _unchanged(looked, tried, what, check, counted):
    """Nothing changed by a refresh that could not succeed."""
    looked.that(f"False after {what}", tried.result is False, f"it gave {tried.result!r}")
    looked.that("each name with the object that it had", not tried.changed, f"not so: {', '.join(tried.changed)}")
    looked.equal("what check says of two speeds then", check, tried.check)
    looked.equal("what it added to HITS", counted, tried.counted)
