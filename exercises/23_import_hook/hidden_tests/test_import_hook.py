"""Checks of 23 import_hook."""

import os.path
import re
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, filled, observation

# Every probe fills its shelves first. They are on the path when tideloader is installed already.
SHELVES = """
import importlib.util, os, pathlib, sys
for name, lines in FILES.items():
    path = pathlib.Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\\n" for line in lines), encoding="utf-8")
import tideloader
tideloader.install()
sys.path[:0] = [os.path.abspath(shelf) for shelf in ("no shelf", "upper shelf", "lower shelf")]
"""

VALUES = """
import gauge
see({key: [type(value).__name__, value] for key, value in vars(gauge).items() if not key.startswith("_")})
"""

SPEC = """
opened = []
sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)
spec = importlib.util.find_spec("gauge")
seen = {"opened": [name for name in opened if name.endswith(".tide")]}
seen["found"] = {name: getattr(spec, name, None) for name in ("name", "origin")}
import gauge
spec = gauge.__spec__
seen["height"] = str(gauge.height)
seen["module"] = {"__name__": gauge.__name__, "__spec__.name": spec.name}
seen["module"] |= {"__spec__.origin": spec.origin, "__file__": getattr(gauge, "__file__", None)}
see(seen)
"""

IN_PACKAGE = """
from office import gauge
office = sys.modules["office"]
office.__path__.append(os.path.abspath("annexe"))
import office.late
seen = {"office.gauge.height": str(gauge.height), "office.late.height": str(office.late.height)}
seen["name"] = gauge.__name__
def loft():
    try:
        import office.loft
        return "a module"
    except ModuleNotFoundError:
        return "not found"
seen["office.loft"] = loft()
see(seen)
"""

PYTHON_FIRST = """
import gauge
seen = {"height": str(gauge.height)}
def file(name):
    try:
        __import__(name)
        return str(getattr(sys.modules[name], "__file__", None))
    except Exception as error:
        return repr(error)
seen |= {name: file(name) for name in ("neaps", "office.crane", "colorsys")}
see(seen)
"""

BAD_LINE = """
def outcome(name):
    try:
        __import__(name)
        return {"error": "no error", "says": "", "right": False}
    except BaseException as error:
        return {"error": type(error).__name__, "says": str(error), "right": isinstance(error, ImportError)}
seen = {"torn": outcome("torn")}
seen["torn"]["left"] = "torn" in sys.modules
seen["stained"] = outcome("stained")
seen["stained"]["left"] = "stained" in sys.modules
see(seen)
"""

UNKNOWN = """
import gauge
seen = {"height": str(gauge.height), "spec": repr(importlib.util.find_spec("nowhere"))}
def outcome():
    try:
        import nowhere
        return "no error", None
    except Exception as error:
        return type(error).__name__, getattr(error, "name", None)
seen["error"], seen["name"] = outcome()
see(seen)
"""

TWICE = """
import os, pathlib, sys
sys.path.insert(0, os.getcwd())
pathlib.Path("gauge.tide").write_text("height = HEIGHT\\n")
pathlib.Path("later.tide").write_text("height = HEIGHT\\n")
lists = sys.meta_path, sys.path_hooks
def hooks():
    return [id(hook) for hooks in lists for hook in hooks]
def trying(name):
    try:
        return str(__import__(name).height)
    except ModuleNotFoundError:
        return "not found"
before = hooks()
import tideloader
seen = {"imported": hooks() == before}
tideloader.uninstall()
tideloader.install()
once = len(hooks())
tideloader.install()
seen |= {"twice": len(hooks()) - once, "gauge": trying("gauge")}
tideloader.uninstall()
seen |= {"left": len(hooks()) - len(before), "uninstalled": hooks() == before, "later": trying("later")}
tideloader.uninstall()
tideloader.install()
seen["again"] = trying("later")
see(seen)
"""

RELOAD = """
import importlib, os, pathlib, sys, tideloader
sys.path.insert(0, os.getcwd())
table = pathlib.Path("gauge.tide")
table.write_text("height = 1.5\\n")
tideloader.install()
import gauge
table.write_text("height = HEIGHT\\nfog = thick\\n")
fresh = importlib.reload(gauge)
see({"height": str(fresh.height), "fog": getattr(fresh, "fog", None), "same": fresh is gauge})
"""


@dataclass
class Spec:
    """What SPEC reports."""

    found: dict[str, Any]
    opened: list[str]
    height: str
    module: dict[str, Any]


@dataclass
class Bad:
    """What BAD_LINE reports of a table."""

    error: str
    says: str
    right: bool
    left: bool


@dataclass
class Unknown:
    """What UNKNOWN reports."""

    height: str
    spec: str
    error: str
    name: str | None


@dataclass
class Twice:
    """What TWICE reports."""

    imported: bool
    twice: int
    gauge: str
    left: int
    uninstalled: bool
    later: str
    again: str


def shelves(files, body):
    """The body after the lines that fill the shelves."""
    listed = ",\n".join(f"    {name!r}: {lines!r}" for name, lines in files.items())
    return filled(SHELVES, FILES=f"{{\n{listed},\n}}") + body


@observation
def heights(project):
    """Four heights that are in no report yet, and no two the same."""
    return [metres + 0.25 for metres in project.varied("heights").sample(range(10, 90), 4)]


@observation
def written(heights):
    """A table, and what it says."""
    number = int(heights[3])
    lines = ["# Gauge at the bar", "", f"height = {heights[0]}", f"  boats={number}  ", "   # by sight", "depth = -3"]
    lines += ["reach = 1e3", "sum = 2+2", f"marks = [{number}, 2]", "shut = True", "rule = a = b", "by = 'Alma'"]
    lines += ["sea\t=\tswell # from Bjørnø", "flag ="]
    said = {"height": ["float", heights[0]], "boats": ["int", number], "depth": ["int", -3], "reach": ["float", 1000.0]}
    texts = {"sum": "2+2", "marks": f"[{number}, 2]", "shut": "True", "rule": "a = b", "by": "'Alma'"}
    texts |= {"sea": "swell # from Bjørnø", "flag": ""}
    return lines, said | {key: ["str", text] for key, text in texts.items()}


@observation
def values(project, written):
    """Two tables of one name on the path."""
    files = {"upper shelf/gauge.tide": written[0], "lower shelf/gauge.tide": ["height = 0", "lower = 1"]}
    return project.on_path().probe(shelves(files, VALUES))


@observation
def spec(project, heights):
    files = {"lower shelf/gauge.tide": [f"height = {heights[0]}"]}
    return project.on_path().probe(shelves(files, SPEC))


@observation
def in_package(project, heights):
    """A package with tables, and others of their names at the top."""
    files = {
        "lower shelf/office/__init__.py": [],
        "lower shelf/office/gauge.tide": [f"height = {heights[1]}"],
        "annexe/late.tide": [f"height = {heights[2]}"],
        **{f"upper shelf/{name}.tide": ["height = 0"] for name in ("gauge", "late", "loft")},
    }
    return project.on_path().probe(shelves(files, IN_PACKAGE))


@observation
def python_first(project, heights):
    """Tables that have the names of modules."""
    files = {
        "upper shelf/gauge.tide": [f"height = {heights[0]}"],
        "upper shelf/neaps.tide": ["height = 0"],
        "upper shelf/colorsys.tide": ["height = 0"],
        "lower shelf/neaps.py": [],
        "lower shelf/office/__init__.py": [],
        "lower shelf/office/crane.py": [],
        "lower shelf/office/crane.tide": ["height = 0"],
    }
    return project.on_path().probe(shelves(files, PYTHON_FIRST))


@observation
def bad_numbers(project):
    """Which line is bad in which table."""
    torn, stained = project.varied("bad lines").sample(range(11, 30), 2)
    return {"torn": torn, "stained": stained}


@observation
def bad_line(project, bad_numbers):
    """Tables with a bad line each: one has no `=`, one no identifier before it."""
    before = ["height = 1.5", "", "# fog", *["# more fog"] * 30]
    files = {
        f"upper shelf/{name}.tide": [*before[: bad_numbers[name] - 1], line, "low = 1"]
        for name, line in (("torn", "high water"), ("stained", "high water = 4"))
    }
    return project.on_path().probe(shelves(files, BAD_LINE))


@observation
def unknown(project, heights):
    files = {"upper shelf/gauge.tide": [f"height = {heights[0]}"]}
    return project.on_path().probe(shelves(files, UNKNOWN))


@observation
def twice(project, heights):
    return project.on_path().probe(filled(TWICE, HEIGHT=heights[0]))


@observation
def reloaded(project, heights):
    return project.on_path().probe(filled(RELOAD, HEIGHT=heights[0]))


@check(points=20, clause=1)
def test_values(written, values):
    """A table's keys are attributes: int, float or text, and nothing is evaluated."""
    looked = expect(values, "Of two tables one is found; of its texts some are numbers. Who decides each, and by what?")
    found = looked.reported(dict[str, list[Any]])
    wanted = written[1]
    for key, (kind, value) in wanted.items():
        came = f"{key} is {found[key][1]!r}, {found[key][0]}" if len(found.get(key, ())) == 2 else f"no {key}"
        looked.that(f"{key} is {value!r}, {kind}", found.get(key) == [kind, value], came)
    looked.none("no attributes but the keys and such as begin with _", sorted(found.keys() - wanted.keys()))


@check(points=10, clause=2)
def test_spec(spec, heights):
    """Module and spec say where they come from, and find_spec reads no table."""
    why = "Who finds, and who loads? Ask of each field who fills it in, and what a finder must know for that."
    looked = expect(spec, why)
    seen = looked.reported(Spec)
    file = os.path.join(spec.cwd, "lower shelf", "gauge.tide")
    looked.equal("name in what find_spec returns", "gauge", seen.found.get("name"))
    for name in ("__name__", "__spec__.name"):
        looked.equal(f"gauge.{name}", "gauge", seen.module.get(name))
    paths = {f"gauge.{name}": seen.module.get(name) for name in ("__spec__.origin", "__file__")}
    for what, path in {"origin in what find_spec returns": seen.found.get("origin"), **paths}.items():
        shown = spec.scrub(str(path))
        looked.that(f"{what} is {file}", os.path.normpath(shown) == file, f"{what} is {shown}")
    looked.none("that find_spec opens no table", seen.opened, "it opened ")
    looked.equal("gauge.height", str(heights[0]), seen.height)


@check(points=15, clause=3)
def test_in_package(in_package, heights):
    """In a package, tables are looked for along its `__path__` and nowhere else."""
    why = "Where Python looks for what is in a package, and by which name: who tells a finder that?"
    looked = expect(in_package, why)
    seen = looked.reported(dict[str, Any])
    looked.equal("office.gauge.height", str(heights[1]), seen.get("office.gauge.height"))
    looked.equal("its name", "office.gauge", seen.get("name"))
    looked.equal("office.late.height", str(heights[2]), seen.get("office.late.height"))
    looked.equal("office.loft", "not found", seen.get("office.loft"))


@check(points=15, clause=4)
def test_python_first(python_first, heights):
    """What Python can import without tideloader comes first, wherever it is."""
    why = "A table was taken for a module, or a module is gone. Who is asked first, and who only if nobody else knows?"
    looked = expect(python_first, why)
    seen = looked.reported(dict[str, Any])
    looked.equal("gauge.height", str(heights[0]), seen.get("height"))
    for name, file in (("neaps", "neaps.py"), ("office.crane", "crane.py"), ("colorsys", "colorsys.py")):
        came = str(seen.get(name))
        looked.that(f"{name} from {file}", os.path.basename(came) == file, f"{name} from {came}")


@check(points=15, clause=5)
def test_bad_line(bad_line, bad_numbers):
    """A bad line is an ImportError that names file and line, and leaves no module."""
    looked = expect(bad_line, "Whoever wrote that table is to mend it. What must the error say, and what stays behind?")
    seen = looked.reported(dict[str, Bad])
    for name, line in bad_numbers.items():
        bad = seen.get(name)
        looked.that(f"a report of {name}", bad is not None, "none")
        came = f"{bad.error}: {bad.says}".rstrip(": ")
        looked.that(f"ImportError from importing {name}", bad.right, came)
        looked.that(f"{name}.tide in its message", f"{name}.tide" in bad.says, came)
        named = re.search(rf"(?<!\d){line}(?!\d)", bad_line.scrub(bad.says))
        looked.that(f"{line}, the number of the line, in its message", named is not None, came)
        looked.that(f"no {name} in sys.modules", not bad.left, f"{name} is in sys.modules")


@check(points=5, clause=6)
def test_unknown(unknown, heights):
    """Where there is neither a module nor a table, things are as ever."""
    why = "A program asks for a module that it can do without. What should a finder answer that hasn't got it?"
    looked = expect(unknown, why)
    seen = looked.reported(Unknown)
    looked.equal("gauge.height", str(heights[0]), seen.height)
    looked.equal("what find_spec returns for nowhere", "None", seen.spec)
    looked.that("ModuleNotFoundError", seen.error == "ModuleNotFoundError", seen.error)
    looked.equal("its name", "nowhere", seen.name)


@check(points=10, clause=7)
def test_installed_once(twice, heights):
    """Nothing is installed by the import, one thing by two calls, and uninstall undoes it."""
    why = "Installed twice, taken away once: how does each of the two functions know whether it was there already?"
    looked = expect(twice, why)
    seen = looked.reported(Twice)
    looked.that("that `import tideloader` leaves the lists alone", seen.imported, "it changes them")
    looked.equal("gauge.height after two calls of install", str(heights[0]), seen.gauge)
    looked.equal("what a second install adds to the lists", 0, seen.twice)
    came = f"the lists are longer by {seen.left}" if seen.left else "other hooks, or another order"
    looked.that("meta_path and path_hooks as before, after uninstall", seen.uninstalled, came)
    looked.equal("a table that is first imported after uninstall", "not found", seen.later)
    looked.equal("the same after another install", str(heights[0]), seen.again)


@check(points=10, clause=8)
def test_reload(reloaded, heights):
    """importlib.reload reads the table again."""
    why = "The table was rewritten, and reload called. Which of your functions does reload call, and with what?"
    wanted = {"height": str(heights[0]), "fog": "thick", "same": True}
    expect(reloaded, why).reports("what is in the module", wanted)
