"""Checks of 06 module_objects."""

import calendar
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

LOADED = '''
from os.path import realpath
from pathlib import Path
from types import ModuleType
from nightwatch import load
for folder, name, coding, first in files:
    Path(folder).mkdir()
    Path(folder, name + ".py").write_bytes(f"""{first}
print("{bell} rings.")
TOLD = [__name__, __file__, "J\u00f8rn"]
if __name__ == "__main__":
    print("The roster is the program.")
""".encode(coding))
def about(roster):
    its = [getattr(roster, "__name__", None), getattr(roster, "__file__", None)]
    told, kind = getattr(roster, "TOLD", None), type(roster).__name__
    return {"module": isinstance(roster, ModuleType), "type": kind, "its": its, "told": told}
rosters = [load(f"{folder}/{name}.py") for folder, name, coding, first in files]
loaded = [about(roster) for roster in rosters]
see({"loaded": loaded, "files": [realpath(f"{folder}/{name}.py") for folder, name, coding, first in files]})
'''

AGAIN = """
from os import chdir
from pathlib import Path
from nightwatch import load
for post in (pier, gate):
    Path(post).mkdir()
    Path(post, "night.py").write_text(f"POST = {post!r}\\nprint(POST)\\n")
first, path = load(f"{pier}/night.py"), Path(pier, "night.py")
paths = f"{pier}/night.py", path, f"./{pier}/night.py", f"{gate}/../{pier}/night.py", str(path.absolute())
loaded = [*map(load, paths)]
second = load(Path(gate, "night.py"))
chdir(gate)
more = f"../{pier}/night.py", f"../{gate}/../{pier}/night.py"
loaded += [*map(load, more)]
here = load("night.py")
posts = [getattr(roster, "POST", None) for roster in (first, second)]
others = [repr(path) for path, roster in zip(paths + more, loaded) if roster is not first]
see({"others": others, "here": here is second, "posts": posts})
"""

REPAIRED = """
from pathlib import Path
from nightwatch import load
def attempt(path):
    try:
        return load(path).WATCH
    except BaseException as error:
        return repr(error)
Path("rosters").mkdir()
Path("rosters/night.py").write_text(f"WATCH = 5\\nraise {trouble}\\n")
seen = [attempt("rosters/night.py")]
Path("rosters/night.py").write_text(f"WATCH = {watch}\\n# repaired\\n")
seen += [attempt("rosters/night.py")]
Path("rosters/day.py").write_text(f"WATCH = 5\\nraise SystemExit({status})\\n")
seen += [attempt("rosters/day.py")]
Path("rosters/day.py").write_text(f"WATCH = {watch}\\n# repaired\\n")
seen += [attempt("rosters/day.py")]
see(seen)
"""

NAMESPACE = '''
from pathlib import Path
from nightwatch import load
Path("rosters").mkdir()
Path("rosters/night.py").write_text(f"""
WATCH, CHIEF = {watch}, None
def who(hour):
    return WATCH[hour % len(WATCH)]
def promote(warden):
    global CHIEF
    CHIEF = warden
""")
night = load("rosters/night.py")
answers = [night.who(3)]
night.WATCH = [warden]
answers += [night.who(3)]
night.promote(warden)
chief = night.CHIEF
see({"answers": answers, "chief": chief})
'''

REST = """
import keyword, sys
from pathlib import Path
path, known = list(sys.path), dict(sys.modules)
from nightwatch import load
Path("rosters").mkdir()
Path("rosters/calendar.py").write_text(f"import calendar\\nASKED = calendar.leapdays(1900, {year})\\n")
Path("rosters/keyword.py").write_text(f"ASKED = {year}\\n")
rosters = [load("rosters/calendar.py"), load("rosters/keyword.py")]
seen = {"asked": [getattr(roster, "ASKED", "nothing") for roster in rosters]}
import calendar
seen["calendar"], seen["shown"] = hasattr(calendar, "monthrange"), repr(calendar)
seen["replaced"] = [name for name in known if sys.modules.get(name) is not known[name]]
seen["path_after"] = list(sys.path)
seen["path"] = path
see(seen)
"""

NAMES = """
from types import ModuleType
from nightwatch import public_names
night, day, idle = ModuleType("night"), ModuleType("day"), ModuleType("idle")
exec("import os, json as notes; WATCH, _spare, who, bell = [], 0, len, None", vars(night))
vars(night)[bell] = 12
night.chart = type("Chart", (ModuleType,), {})("chart")
exec("WATCH, _spare, who, rope = [], 0, len, 7", vars(day))
vars(day)[bell] = 12
idle.WATCH = []
day.__all__, idle.__all__ = ("who", "_spare", bell), []
found = [public_names(module) for module in (night, day, idle)]
see({"found": found, "types": [type(names).__name__ for names in found]})
"""

DUTY = """
from types import ModuleType
from nightwatch import on_duty
modules = {warden: ModuleType("roster") for warden in wardens}
for warden, module in modules.items():
    module.who = lambda hour, warden=warden: f"{warden} at {hour}"
each = (module for module in modules.values())
asked = {"list": [*modules.values()], "generator": each, "dictionary": modules.values(), "tuple": ()}
found = {kind: on_duty(some, hour) for kind, some in asked.items()}
see({"found": found, "types": [type(wardens).__name__ for wardens in found.values()]})
"""

WARDENS = ("Gijs", "Hilde", "Ivo", "Jet", "Koos", "Lotte", "Maas", "Neel")


@dataclass
class One:
    """What LOADED reports of one roster; the attributes may be anything."""

    module: bool
    type: str
    its: list[Any]
    told: Any


@dataclass
class Loaded:
    """What LOADED reports."""

    loaded: list[One]
    files: list[str]


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
def files(project):
    """Rosters: folder, name, encoding, first line. The names hold what is easily taken for the suffix."""
    pier, gate, mole, bell = project.varied("roster").names("pier", "gate", "mole", "bell")
    return bell, [
        (pier, "night", "utf-8", ""),
        (gate, "4.may.copy", "utf-8-sig", ""),
        (mole, "old.py_happy", "latin-1", "# coding: latin-1"),
    ]


@observation
def loaded(project, files):
    """Loaded where Python is told of another encoding than that of any of them."""
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    bell, rosters = files
    return project.on_path().probe(LOADED, given={"files": rosters, "bell": bell}, env=locale)


@observation
def again(project):
    posts = project.varied("posts").names("pier", "gate")
    return posts, project.on_path().probe(AGAIN, given=dict(zip(("pier", "gate"), posts, strict=True)))


@observation
def repaired(project):
    varied, watch = project.varied("trouble"), some_wardens(project, 3)
    error, (number, status) = varied.choice(["LookupError", "OSError", "ValueError"]), varied.sample(range(10, 100), 2)
    given = {"trouble": f"{error}({number})", "watch": watch, "status": status}
    wanted = [given["trouble"], watch, f"SystemExit({status})", watch]
    return wanted, project.on_path().probe(REPAIRED, given=given)


@observation
def namespace(project):
    *watch, warden = some_wardens(project, 3)
    return watch, warden, project.on_path().probe(NAMESPACE, given={"watch": watch, "warden": warden})


@observation
def rest(project):
    year = project.varied("year").randrange(1950, 2100)
    return [calendar.leapdays(1900, year), year], project.on_path().probe(REST, given={"year": year})


@observation
def names(project):
    bell = project.varied("bell").name("BELL")
    return bell, project.on_path().probe(NAMES, given={"bell": bell})


@observation
def duty(project):
    wardens, hour = some_wardens(project, 4), project.varied("hour").randrange(24)
    answers = [f"{warden} at {hour}" for warden in wardens]
    return answers, project.on_path().probe(DUTY, given={"wardens": wardens, "hour": hour})


@check(points=15, clause=1)
def test_a_module(files, loaded):
    """`load` returns a module that knows its name and its file, and doesn't run as a program."""
    bell, rosters = files
    why = "A module knows its name and its file before its first line runs. Which code sets them, and when?"
    looked = expect(loaded, why)
    seen = looked.reported(Loaded)
    looked.equal("the number of rosters", len(rosters), len(seen.loaded))
    for (_, name, *_), file, its in zip(rosters, seen.files, seen.loaded, strict=True):
        looked.that("a module object", its.module, f"an object of type {its.type}")
        looked.equal("[__name__, __file__] of the module", [name, file], its.its)
        looked.equal("[__name__, __file__, …] while its code runs", [name, file, "J\u00f8rn"], its.told)
    times = loaded.lines.count(f"{bell} rings.")
    looked.that("the code of each roster runs", times == len(rosters), f"{times} of {len(rosters)} did")
    program = "The roster is the program." in loaded.lines
    looked.that("nothing under the main guard runs", not program, "it did")


@check(points=20, clause=2)
def test_runs_once(again):
    """A file runs once, however its path is spelled; files of equal names are different modules."""
    why = "The pier and the gate have one roster each, and each must run once. What identifies a file?"
    posts, probe = again
    looked = expect(probe, why)
    seen = looked.reported(Again)
    looked.equal("POST of the two modules", posts, seen.posts)
    looked.none("one module for all paths of a file", seen.others, "another one for ")
    looked.that("the gate's roster for night.py, in the gate's folder", seen.here, "another module")
    for post in posts:
        times = probe.lines.count(post)
        looked.that(f"{post}/night.py runs once", times == 1, f"it ran {times} times")


@check(points=15, clause=3)
def test_no_half_modules(repaired):
    """An exception of a roster comes out, and after a repair the roster is loaded again."""
    why = (
        "Each file first raised an exception, and then was repaired. What did load keep from the first attempt, and "
        "when?"
    )
    wanted, seen = repaired
    expect(seen, why).reports("what came of the four attempts", wanted)


@check(points=15, clause=4)
def test_one_namespace(namespace):
    """A roster's functions and its module share one namespace."""
    why = "Here a name is set on the module, and another one by a function of it. In which dictionary does each look?"
    watch, warden, probe = namespace
    looked = expect(probe, why)
    seen = looked.reported(Namespace)
    looked.equal("night.who(3) before and after night.WATCH was set", [watch[1], warden], seen.answers)
    looked.equal("night.CHIEF after night.promote() set it", warden, seen.chief)


@check(points=15, clause=5)
def test_rest_of_the_program(rest):
    """`sys.path`, `sys.modules` and every import are as if no roster had been loaded."""
    why = (
        "Two rosters have names of modules that other code needs. Which tables does import look at, and who else "
        "uses them?"
    )
    wanted, probe = rest
    looked = expect(probe, why)
    seen = looked.reported(Rest)
    looked.equal("ASKED of the rosters calendar.py and keyword.py", wanted, seen.asked)
    looked.that("the standard library's module for `import calendar`", seen.calendar, seen.shown)
    looked.none("sys.modules as it was", seen.replaced, "something else as ")
    looked.equal("sys.path", seen.path, seen.path_after)


@check(points=10, clause=6)
def test_public_names(names):
    """`public_names` follows `__all__` where there is one, and else leaves out underscores and modules."""
    bell, probe = names
    why = "Which of these names did the author of the module mean for others, and where can the author list them?"
    looked = expect(probe, why)
    seen = looked.reported(Names)
    wanted = [sorted([bell, "WATCH", "bell", "who"]), sorted([bell, "_spare", "who"]), []]
    looked.equal("the names of night, day and idle", wanted, seen.found)
    looked.equal("what each of them is given in", ["list"] * 3, seen.types)


@check(points=10, clause=7)
def test_on_duty(duty):
    """`on_duty` asks each module of any iterable."""
    why = "Modules can come from a list, a generator or a dictionary. What does your function need its argument to be?"
    answers, probe = duty
    looked = expect(probe, why)
    seen = looked.reported(Duty)
    wanted = {"list": answers, "generator": answers, "dictionary": answers, "tuple": []}
    looked.equal("what each of them is given in", ["list"] * 4, seen.types)
    looked.equal("who is on duty", wanted, seen.found)
