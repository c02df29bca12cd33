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
see({key: [type(value).__name__, str(value)] for key, value in vars(gauge).items() if not key.startswith("_")})
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
import office.inner.deep
seen = {"office.gauge.height": str(gauge.height), "office.late.height": str(office.late.height)}
seen["office.inner.deep.height"] = str(office.inner.deep.height)
seen["name"] = gauge.__name__
def asked(name):
    try:
        __import__(name)
        return "a module"
    except ModuleNotFoundError:
        return "not found"
seen["office.loft"] = asked("office.loft")
office.__path__ = []
seen["office.cellar"] = asked("office.cellar")
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
seen |= {name: file(name) for name in ("neaps", "office.crane", "colorsys", "bay.deep")}
see(seen)
"""

BAD_LINE = """
def outcome(name):
    try:
        __import__(name)
        return {"error": "no error", "says": "", "right": False}
    except BaseException as error:
        return {"error": type(error).__name__, "says": str(error), "right": isinstance(error, ImportError)}
seen = {name: outcome(name) for name in names}
left = {name: name in sys.modules for name in names}
see({name: {**seen[name], "left": left[name]} for name in names})
"""

UNKNOWN = """
import gauge
seen = {"height": str(gauge.height), "spec": repr(importlib.util.find_spec("nowhere"))}
def outcome():
    try:
        import nowhere
        return "no error", None
    except ModuleNotFoundError as error:
        return "ModuleNotFoundError", error.name
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
class Other:
    def find_spec(self, fullname, path=None, target=None):
        return None
def other_hook(folder):
    raise ImportError(folder)
others = [Other(), other_hook]
before = hooks()
import tideloader
seen = {"imported": hooks() == before}
tideloader.uninstall()
tideloader.install()
once = len(hooks())
tideloader.install()
seen |= {"twice": len(hooks()) - once, "gauge": trying("gauge")}
for hooks_of_a_kind, other in zip(lists, others):
    hooks_of_a_kind.append(other)
tideloader.uninstall()
seen["others"] = [any(each is other for each in hooks_of_a_kind) for hooks_of_a_kind, other in zip(lists, others)]
for hooks_of_a_kind, other in zip(lists, others):
    hooks_of_a_kind[:] = [each for each in hooks_of_a_kind if each is not other]
seen |= {"left": len(hooks()) - len(before), "uninstalled": hooks() == before, "later": trying("later")}
tideloader.uninstall()
tideloader.install()
seen["again"] = trying("later")
see(seen)
"""

RELOAD = """
import importlib, os, pathlib, sys, tideloader
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = False
table = pathlib.Path("gauge.tide")
table.write_text("height = " + "1" * len("HEIGHT") + "\\nhaze = thin\\n")
times = os.stat(table)
tideloader.install()
import gauge
table.write_text("height = HEIGHT\\nfog = thick\\n")
os.utime(table, ns=(times.st_atime_ns, times.st_mtime_ns))
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
    others: list[bool]
    left: int
    uninstalled: bool
    later: str
    again: str


def shelves(files, body):
    """The body after the lines that fill the shelves."""
    listed = ",\n".join(f"    {name!r}: {lines!a}" for name, lines in files.items())
    return filled(SHELVES, FILES=f"{{\n{listed},\n}}") + body


@observation
def heights(project):
    """Four heights that are in no report yet, and no two the same."""
    return [metres + 0.25 for metres in project.varied("heights").sample(range(10, 90), 4)]


# Texts that int() or float() accepts, though they look odd, and others that neither does.
ODD = {
    "rise": ("+3", 3), "crowd": ("1_000", 1000), "door": ("007", 7), "hours": ("\u0663", 3), "low": ("-0", 0),
    "half": (".5", 0.5), "full": ("5.", 5.0), "wide": ("1_0.25", 10.25), "deep": ("-inf", float("-inf")),
    "lost": ("NaN", float("nan")), "faint": ("1E-2", 0.01),
    "port": ("0x10", "0x10"), "price": ("3,5", "3,5"), "gap": ("1 000", "1 000"), "torn": ("1__0", "1__0"),
    "under": ("--3", "--3"), "shore": ("_1", "_1"), "bare": ("-", "-"), "power": ("e5", "e5"), "side": ("3j", "3j"),
}  # fmt: skip


@observation
def written(project, heights):
    """A table, and what it says."""
    number = int(heights[3])
    lines = ["# Gauge at the bar", "", f"height = {heights[0]}", f"  boats={number}  ", "   # by sight", "depth = -3"]
    lines += ["reach = 1e3", "sum = 2+2", f"marks = [{number}, 2]", "shut = True", "rule = a = b", "by = 'Alma'"]
    lines += ["sea\t=\tswell # from Bjørnø", "flag =", "high_water_2 = 4", "høyde = low"]
    said = {"height": heights[0], "boats": number, "depth": -3, "reach": 1000.0, "sum": "2+2"}
    said |= {"marks": f"[{number}, 2]", "shut": "True", "rule": "a = b", "by": "'Alma'"}
    said |= {"sea": "swell # from Bjørnø", "flag": "", "high_water_2": 4, "høyde": "low"}
    odd = project.varied("odd").sample(sorted(ODD), len(ODD))
    lines += [f"{key} = {ODD[key][0]}" for key in odd]
    said |= {key: ODD[key][1] for key in odd}
    return lines, {key: [type(value).__name__, str(value)] for key, value in said.items()}


@observation
def values(project, written):
    """Two tables of one name on the path, where Python takes text for ASCII if nobody says otherwise."""
    files = {"upper shelf/gauge.tide": written[0], "lower shelf/gauge.tide": ["height = 0", "lower = 1"]}
    plainly = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return project.on_path().probe(shelves(files, VALUES), env=plainly)


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
        "lower shelf/office/inner/__init__.py": [],
        "lower shelf/office/inner/deep.tide": [f"height = {heights[0]}"],
        "annexe/late.tide": [f"height = {heights[2]}"],
        **{f"upper shelf/{name}.tide": ["height = 0"] for name in ("gauge", "late", "loft", "cellar")},
    }
    return project.on_path().probe(shelves(files, IN_PACKAGE))


@observation
def python_first(project, heights):
    """Tables that have the names of modules."""
    files = {
        "upper shelf/gauge.tide": [f"height = {heights[0]}"],
        "upper shelf/neaps.tide": ["height = 0"],
        "upper shelf/colorsys.tide": ["height = 0"],
        "upper shelf/bay.tide": ["height = 0"],
        "lower shelf/bay/deep.py": [],
        "lower shelf/neaps.py": [],
        "lower shelf/office/__init__.py": [],
        "lower shelf/office/crane.py": [],
        "lower shelf/office/crane.tide": ["height = 0"],
    }
    return project.on_path().probe(shelves(files, PYTHON_FIRST))


BAD = {
    "torn": "high water", "lone": "high", "stained": "high water = 4", "blank": "= 4", "smudged": "2nd = 4",
    "bent": "low-water = 4",
}  # fmt: skip
"""Bad lines by the names of their tables: two have no `=`, the others have no identifier before it."""


@observation
def bad_numbers(project):
    """Which line is bad in which table."""
    return dict(zip(BAD, project.varied("bad lines").sample(range(11, 30), len(BAD)), strict=True))


@observation
def bad_line(project, bad_numbers):
    """Tables with a bad line each."""
    before = ["height = 1.5", "", "# fog", *["# more fog"] * 30]
    files = {
        f"upper shelf/{name}.tide": [*before[: bad_numbers[name] - 1], line, "low = 1"] for name, line in BAD.items()
    }
    return project.on_path().probe(shelves(files, BAD_LINE), given={"names": list(BAD)})


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
    looked = expect(
        values,
        "Two tables have that name, and some values are numbers. Which rules decide about the table and the type?",
    )
    found = looked.reported(dict[str, list[Any]])
    wanted = written[1]
    for key, (kind, value) in wanted.items():
        came = f"{key} is {found[key][1]}, {found[key][0]}" if len(found.get(key, ())) == 2 else f"no {key}"
        looked.that(f"{key} is {value}, {kind}", found.get(key) == [kind, value], came)
    looked.none("no attributes but the keys and such as begin with _", sorted(found.keys() - wanted.keys()))


@check(points=10, clause=2)
def test_spec(spec, heights):
    """Module and spec say where they come from, and find_spec reads no table."""
    why = (
        "A finder makes the spec, and a loader fills the module. Which of them sets each of these fields, and what "
        "must it know for that?"
    )
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
    looked.none("find_spec opens no table", seen.opened, "it opened ")
    looked.equal("gauge.height", str(heights[0]), seen.height)


@check(points=15, clause=3)
def test_in_package(in_package, heights):
    """In a package, tables are looked for along its `__path__` and nowhere else."""
    why = (
        "For a module in a package, where does a finder get the folders to search, and which part of the name is the "
        "file's name?"
    )
    looked = expect(in_package, why)
    seen = looked.reported(dict[str, Any])
    looked.equal("office.gauge.height", str(heights[1]), seen.get("office.gauge.height"))
    looked.equal("its name", "office.gauge", seen.get("name"))
    looked.equal("office.late.height", str(heights[2]), seen.get("office.late.height"))
    looked.equal("office.inner.deep.height", str(heights[0]), seen.get("office.inner.deep.height"))
    looked.equal("office.loft", "not found", seen.get("office.loft"))
    looked.equal("office.cellar, once __path__ is empty,", "not found", seen.get("office.cellar"))


@check(points=15, clause=4)
def test_python_first(python_first, heights):
    """What Python can import without tideloader comes first, wherever it is."""
    why = (
        "A table was taken for a module, or a module wasn't found. In which order does Python ask the finders, and "
        "where in this order is yours?"
    )
    looked = expect(python_first, why)
    seen = looked.reported(dict[str, Any])
    looked.equal("gauge.height", str(heights[0]), seen.get("height"))
    files = {"neaps": "neaps.py", "office.crane": "crane.py", "colorsys": "colorsys.py", "bay.deep": "deep.py"}
    for name, file in files.items():
        came = str(seen.get(name))
        looked.that(f"{name} from {file}", os.path.basename(came) == file, f"{name} from {came}")


@check(points=15, clause=5)
def test_bad_line(bad_line, bad_numbers):
    """A bad line raises an ImportError that names file and line, and leaves no module."""
    looked = expect(
        bad_line,
        "Somebody must repair this table. What must the error message contain, and what is left in sys.modules?",
    )
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
    """If there is neither a module nor a table, the error is the usual one."""
    why = "A program asks for a module that doesn't exist. What should a finder return if it doesn't know a name?"
    looked = expect(unknown, why)
    seen = looked.reported(Unknown)
    looked.equal("gauge.height", str(heights[0]), seen.height)
    looked.equal("what find_spec returns for nowhere", "None", seen.spec)
    looked.that("ModuleNotFoundError", seen.error == "ModuleNotFoundError", seen.error)
    looked.equal("its name", "nowhere", seen.name)


@check(points=10, clause=7)
def test_installed_once(twice, heights):
    """The import installs nothing, two calls of install are the same as one, and uninstall undoes them."""
    why = (
        "It was installed twice and removed once. How does each of the two functions find out whether your finder is "
        "there?"
    )
    looked = expect(twice, why)
    seen = looked.reported(Twice)
    looked.that("`import tideloader` leaves the lists alone", seen.imported, "it changes them")
    looked.equal("gauge.height after two calls of install", str(heights[0]), seen.gauge)
    looked.equal("what a second install adds to the lists", 0, seen.twice)
    came = f"the lists are longer by {seen.left}" if seen.left else "other hooks, or another order"
    looked.that("meta_path and path_hooks as before, after uninstall", seen.uninstalled, came)
    looked.equal("whether hooks that others have added are left there", [True, True], seen.others)
    looked.equal("a table that is first imported after uninstall", "not found", seen.later)
    looked.equal("the same after another install", str(heights[0]), seen.again)


@check(points=10, clause=8)
def test_reload(reloaded, heights):
    """importlib.reload reads the table again."""
    why = (
        "The table was changed, and reload was called. Which of your functions does reload call, and with which "
        "arguments?"
    )
    wanted = {"height": str(heights[0]), "fog": "thick", "same": True}
    expect(reloaded, why).reports("what is in the module", wanted)
