"""Checks of 06 module_objects."""

from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

LOADED = '''
import os, sys, types
from pathlib import Path
from nightwatch import load
path = Path("pier 3", sys.argv[1] + ".py")
path.parent.mkdir()
path.write_text("""
print("The roster is read.")
TOLD = [__name__, __file__]
if __name__ == "__main__":
    print("The roster is the program.")
""")
roster = load(str(path))
seen = {"module": isinstance(roster, types.ModuleType), "type": type(roster).__name__, "file": os.path.realpath(path)}
seen["its"] = [getattr(roster, "__name__", None), getattr(roster, "__file__", None)]
seen["told"] = getattr(roster, "TOLD", None)
see(seen)
'''

AGAIN = """
import os
from pathlib import Path
from nightwatch import load
for post in ("pier", "gate"):
    Path(post).mkdir()
    Path(post, "night.py").write_text(f"POST = {post!r}\\nprint(POST)\\n")
pier = load("pier/night.py")
pier_path = Path("pier/night.py")
paths = ["pier/night.py", pier_path, "./pier/night.py", "gate/../pier/night.py", str(pier_path.absolute())]
others = [repr(path) for path in paths if load(path) is not pier]
gate = load(Path("gate/night.py"))
os.chdir("gate")
others += [repr(path) for path in ["../pier/night.py", "../gate/../pier/night.py"] if load(path) is not pier]
posts = [getattr(roster, "POST", None) for roster in (pier, gate)]
see({"others": others, "here": load("night.py") is gate, "posts": posts})
"""

REPAIRED = """
import sys
from pathlib import Path
from nightwatch import load
def attempt(path):
    try:
        return load(path).WATCH
    except BaseException as error:
        return repr(error)
Path("rosters").mkdir()
seen = []
for path, trouble in [("rosters/night.py", "LookupError(7)"), ("rosters/day.py", "SystemExit(7)")]:
    Path(path).write_text(f"WATCH = 5\\nraise {trouble}\\n")
    seen.append(attempt(path))
    Path(path).write_text(f"WATCH = {sys.argv[1:]}\\n# repaired\\n")
    seen.append(attempt(path))
see(seen)
"""

NAMESPACE = '''
import sys
from pathlib import Path
from nightwatch import load
Path("rosters").mkdir()
Path("rosters/night.py").write_text("""
WATCH, CHIEF = ["Ada", "Bram"], "Ada"
def who(hour):
    return WATCH[hour % len(WATCH)]
def promote(warden):
    global CHIEF
    CHIEF = warden
""")
night = load("rosters/night.py")
answers = [night.who(3)]
night.WATCH = sys.argv[1:]
answers.append(night.who(3))
night.promote(sys.argv[1])
see({"answers": answers, "chief": night.CHIEF})
'''

REST = """
import keyword, sys
from pathlib import Path
path, known = list(sys.path), dict(sys.modules)
from nightwatch import load
Path("rosters").mkdir()
Path("rosters/calendar.py").write_text("import calendar\\nASKED = calendar.isleap(2028)\\n")
Path("rosters/keyword.py").write_text("ASKED = None\\n")
rosters = [load("rosters/calendar.py"), load("rosters/keyword.py")]
seen = {"asked": [getattr(roster, "ASKED", "nothing") for roster in rosters]}
import calendar
seen["calendar"], seen["shown"] = hasattr(calendar, "monthrange"), repr(calendar)
seen["replaced"] = [name for name in known if sys.modules.get(name) is not known[name]]
seen["path"], seen["path_after"] = path, list(sys.path)
see(seen)
"""

NAMES = """
import sys, types
from nightwatch import public_names
night, day, idle = types.ModuleType("night"), types.ModuleType("day"), types.ModuleType("idle")
exec("import os, json as notes; WATCH, _spare, who, bell = [], 0, len, None", vars(night))
vars(night)[sys.argv[1]] = 12
exec("WATCH, _spare, who, rope = [], 0, len, 7", vars(day))
idle.WATCH = []
day.__all__, idle.__all__ = ("who", "_spare", "WATCH"), []
found = [public_names(module) for module in (night, day, idle)]
see({"found": found, "types": [type(names).__name__ for names in found]})
"""

DUTY = """
import sys, types
from nightwatch import on_duty
modules = {warden: types.ModuleType("roster") for warden in sys.argv[1:]}
for warden, module in modules.items():
    module.who = lambda hour, warden=warden: f"{warden} at {hour}"
each = (module for module in modules.values())
asked = {"list": [*modules.values()], "generator": each, "dictionary": modules.values(), "tuple": ()}
found = {kind: on_duty(some, 22) for kind, some in asked.items()}
see({"found": found, "types": [type(wardens).__name__ for wardens in found.values()]})
"""

WARDENS = ("Gijs", "Hilde", "Ivo", "Jet", "Koos", "Lotte", "Maas", "Neel")


@dataclass
class Loaded:
    """What LOADED reports; the attributes may be anything."""

    module: bool
    type: str
    file: str
    its: list[Any]
    told: Any


@dataclass
class Again:
    """What AGAIN reports."""

    others: list[str]
    here: bool
    posts: list[Any]


@dataclass
class Namespace:
    """What NAMESPACE reports."""

    answers: list[Any]
    chief: Any


@dataclass
class Rest:
    """What REST reports; what is on sys.path need not be text."""

    asked: list[Any]
    calendar: bool
    shown: str
    replaced: list[str]
    path: list
    path_after: list


@dataclass
class Names:
    """What NAMES reports."""

    found: list[Any]
    types: list[str]


@dataclass
class Duty:
    """What DUTY reports."""

    found: dict[str, Any]
    types: list[str]


def some_wardens(project, count):
    """Wardens, others for each submission."""
    return project.varied("wardens").sample(WARDENS, count)


@observation
def loaded(project):
    name = project.varied("roster").name("night")
    return name, project.on_path().probe(LOADED, name)


@observation
def again(project):
    return project.on_path().probe(AGAIN)


@observation
def repaired(project):
    return project.on_path().probe(REPAIRED, *some_wardens(project, 3))


@observation
def namespace(project):
    return project.on_path().probe(NAMESPACE, *some_wardens(project, 1))


@observation
def rest(project):
    return project.on_path().probe(REST)


@observation
def names(project):
    bell = project.varied("bell").name("BELL")
    return bell, project.on_path().probe(NAMES, bell)


@observation
def duty(project):
    return project.on_path().probe(DUTY, *some_wardens(project, 4))


@check(points=15, clause=1)
def test_a_module(loaded):
    """`load` returns a module that knows its name and its file, and is no program."""
    name, probe = loaded
    why = "A module knows its name and its file before its first line runs. Who tells it, and when?"
    looked = expect(probe, why)
    seen = looked.reported(Loaded)
    looked.that("a module object", seen.module, f"an object of type {seen.type}")
    looked.equal("[__name__, __file__] of the module", [name, seen.file], seen.its)
    looked.equal("[__name__, __file__] while its code runs", [name, seen.file], seen.told)
    looked.that("that the roster's code runs", "The roster is read." in probe.lines, "it did not")
    program = "The roster is the program." in probe.lines
    looked.that("that nothing under the main guard runs", not program, "it did")


@check(points=20, clause=2)
def test_runs_once(again):
    """A file runs once, however its path is spelled; files of equal names are different modules."""
    why = "The pier and the gate have one roster each, and each is to be read once. What identifies a file?"
    looked = expect(again, why)
    seen = looked.reported(Again)
    looked.equal("POST of the two modules", ["pier", "gate"], seen.posts)
    looked.none("one module for all paths of a file", seen.others, "another one for ")
    looked.that("the gate's roster for night.py, in the gate's folder", seen.here, "another module")
    for post in ("pier", "gate"):
        times = again.lines.count(post)
        looked.that(f"that {post}/night.py runs once", times == 1, f"it ran {times} times")


@check(points=15, clause=3)
def test_no_half_modules(project, repaired):
    """What a roster raises comes out, and after a repair it is loaded anew."""
    why = "Each file raised something at first, and was repaired. What did load keep of the first attempt, and when?"
    watch = some_wardens(project, 3)
    wanted = ["LookupError(7)", watch, "SystemExit(7)", watch]
    expect(repaired, why).reports("what came of the four attempts", wanted)


@check(points=15, clause=4)
def test_one_namespace(project, namespace):
    """A roster's functions and its module share one namespace."""
    why = "Here a name is set on the module, and another one by a function of it. In which dictionary does each look?"
    looked = expect(namespace, why)
    seen = looked.reported(Namespace)
    (warden,) = some_wardens(project, 1)
    looked.equal("night.who(3) before and after night.WATCH was set", ["Bram", warden], seen.answers)
    looked.equal("night.CHIEF after night.promote() set it", warden, seen.chief)


@check(points=15, clause=5)
def test_rest_of_the_program(rest):
    """`sys.path`, `sys.modules` and every import are as if no roster had been loaded."""
    why = "Two rosters have names of modules that others need. Which tables does import look at, and whose are they?"
    looked = expect(rest, why)
    seen = looked.reported(Rest)
    looked.equal("ASKED of the rosters calendar.py and keyword.py", [True, None], seen.asked)
    looked.that("the standard library's module for `import calendar`", seen.calendar, seen.shown)
    looked.none("sys.modules as it was", seen.replaced, "something else as ")
    looked.equal("sys.path", seen.path, seen.path_after)


@check(points=10, clause=6)
def test_public_names(names):
    """`public_names` follows `__all__` where there is one, and else leaves out underscores and modules."""
    bell, probe = names
    why = "Which of these names did the author of the module mean for others, and what if the author said so?"
    looked = expect(probe, why)
    seen = looked.reported(Names)
    wanted = [sorted([bell, "WATCH", "bell", "who"]), ["WATCH", "_spare", "who"], []]
    looked.equal("the names of night, day and idle", wanted, seen.found)
    looked.equal("what each of them is given in", ["list"] * 3, seen.types)


@check(points=10, clause=7)
def test_on_duty(project, duty):
    """`on_duty` asks each module of any iterable."""
    why = "Modules come in lists, from generators, out of dictionaries, like other objects. What does yours ask for?"
    looked = expect(duty, why)
    seen = looked.reported(Duty)
    wardens = [f"{warden} at 22" for warden in some_wardens(project, 4)]
    wanted = {"list": wardens, "generator": wardens, "dictionary": wardens, "tuple": []}
    looked.equal("what each of them is given in", ["list"] * 4, seen.types)
    looked.equal("who is on duty", wanted, seen.found)
