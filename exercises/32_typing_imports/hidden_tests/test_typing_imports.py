"""Checks of 32 typing_imports."""

import shutil
from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement

from grader.checks import check, expect, observation

GIS = """class Point: pass
class Chart: pass
"""
"""A chart library that is installed, and must not be run."""

# What is run can't be taken back from `ran`, and the functions of `typing` are those that were there before the book.
OUTCOME = """
import sys
from typing import get_type_hints
ran = []
sys.addaudithook(lambda event, of: ran.append(of[0].co_filename) if event == "exec" else None)
def outcome(ask):
    try:
        return ask()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
class Map:
    def __init__(self, point):
        self.point = point
    def point_of(self, name):
        return [name, self.point]
seen = {}
"""

BOOK = """
ship, berths = Ship(name, draught), [Berth(quay, draught + step) for step in (1, 0, -1)]
seen["ship"] = outcome(lambda: [ship.name, ship.draught, ship.crew, Ship(name, draught, crew).crew])
seen["berth"] = outcome(lambda: [berths[0].name, berths[0].depth])
seen["takes"] = outcome(lambda: [berth.takes(ship) for berth in berths])
seen["moor"] = outcome(lambda: [ship.moor(berth) for berth in berths])
seen["position"] = outcome(lambda: ship.position(Map(point)))
seen["hints_at_last"] = outcome(lambda: hints_of_moor() is Berth and hints_of_takes() is Ship)
seen["was_run"] = any("merrow_gis" in file for file in [*sys.modules, *ran])
see(seen)
"""

SHIPS_FIRST = f"""
{OUTCOME.strip()}
from pilotbook.ships import Ship
hints_of_moor = lambda: get_type_hints(Ship.moor)["berth"]
early = outcome(hints_of_moor)
from pilotbook.berths import Berth
hints_of_takes = lambda: get_type_hints(Berth.takes)["ship"]
seen["hints_at_first"] = early is Berth or str(early)
{BOOK.strip()}
"""

BERTHS_FIRST = f"""
{OUTCOME.strip()}
from pilotbook.berths import Berth
hints_of_takes = lambda: get_type_hints(Berth.takes)["ship"]
early = outcome(hints_of_takes)
from pilotbook.ships import Ship
hints_of_moor = lambda: get_type_hints(Ship.moor)["berth"]
seen["hints_at_first"] = early is Ship or str(early)
{BOOK.strip()}
"""

READ = """
import ast, os
path = next(each for each in paths if os.path.isfile(each))
with open(path, encoding="utf-8") as file:
    tree = ast.parse(file.read())
names, functions = {}, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
def at_module_level(node):
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, functions):
            yield child
            yield from at_module_level(child)
def source(node):
    if isinstance(node, ast.Attribute):
        inner = source(node.value)
        return inner and f"{inner}.{node.attr}"
    return names.get(node.id) if isinstance(node, ast.Name) else None
for node in at_module_level(tree):
    if isinstance(node, ast.ImportFrom) and not node.level:
        for each in node.names:
            listed = ("Chart", "Point") if each.name == "*" else (each.name,)
            names |= {name if each.name == "*" else each.asname or name: f"{node.module}.{name}" for name in listed}
    elif isinstance(node, ast.Import):
        for each in node.names:
            top = each.name.partition(".")[0]
            names[each.asname or top] = each.name if each.asname else top
for node in at_module_level(tree):
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        names.setdefault(node.targets[0].id, source(node.value))
def meant(annotation):
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return meant(ast.parse(annotation.value.strip(), mode="eval").body)
    return annotation and (source(annotation) or ast.unparse(annotation))
def annotated(arguments, returns):
    annotations = {each.arg: each.annotation for each in arguments} | {"return": returns}
    return {name: meant(annotations.get(name)) for name in ("chart", "return")}
inner = [child for node in (tree, *at_module_level(tree)) for child in ast.iter_child_nodes(node)]
classes = [node for node in inner if isinstance(node, ast.ClassDef) and node.name == "Ship"]
methods = [node for each in classes for node in each.body if getattr(node, "name", "") == "position"]
signs = [(each.args.posonlyargs + each.args.args + each.args.kwonlyargs, each.returns) for each in methods[-1:]]
found = [annotated(*sign) for sign in signs]
see(found[0] if found else {})
"""

FILL = f"""
{OUTCOME.strip()}
from importlib import import_module
from pilotbook.forms import from_line
def fields(made, cls):
    assert type(made) is cls
    return [[type(value).__name__, value] for value in vars(made).values()]
def entry(cls):
    return outcome(lambda: fields(from_line(cls, line), cls))
seen["entries"] = [entry(import_module(name).Entry) for name in modules]
ships, berths = import_module("pilotbook.ships"), import_module("pilotbook.berths")
def entered(cls, line, *names):
    made = from_line(cls, line)
    return [type(made) is cls, *([type(getattr(made, name)).__name__, getattr(made, name)] for name in names)]
seen["ship"] = outcome(lambda: entered(ships.Ship, ship, "name", "draught", "crew"))
seen["berth"] = outcome(lambda: entered(berths.Berth, berth, "name", "depth"))
see(seen)
"""

SIGN = f"""
{OUTCOME.strip()}
from importlib import import_module
from pilotbook import forms
def signature(function):
    return outcome(lambda: dict(forms.signature(function)))
seen["texts"] = [signature(import_module(name).enter) for name in modules]
seen["was_run"] = any("merrow_gis" in file for file in [*sys.modules, *ran])
see(seen)
"""


@dataclass
class Book:
    """What SHIPS_FIRST and BERTHS_FIRST report; in place of what was asked for, there may be what was raised."""

    ship: Any
    berth: Any
    takes: Any
    moor: Any
    position: Any
    hints_at_first: Any
    hints_at_last: Any
    was_run: bool


@dataclass
class Filled:
    """What FILL reports; in place of what was asked for, there may be what was raised."""

    entries: tuple[Any, Any, Any, Any]
    ship: Any
    berth: Any


@dataclass
class Signed:
    """What SIGN reports; in place of what was asked for, there may be what was raised."""

    texts: list[Any]
    was_run: bool


@dataclass
class Voyage:
    """Who comes in, and where to; others for each submission."""

    name: str
    draught: int
    crew: int
    quay: str
    point: int


@dataclass
class Fields:
    """What a form asks for, and what is entered."""

    metres: str
    line: str
    values: list[list[Any]]
    ship: list[Any]
    berth: list[Any]


@observation
def voyage(project):
    varied = project.varied("voyage")
    name, quay = varied.names("Dora", "Quay", between=" ")
    return Voyage(name, varied.randrange(3, 90), varied.randrange(2, 90), quay, varied.randrange(1000))


@observation
def with_charts(project):
    """A copy beside which the chart library is installed."""
    note = "shelf/merrow_gis.py has the classes Chart and Point"
    return project.copy("harbour", inside="book", note=note, files={"shelf/merrow_gis.py": GIS}).on_path(
        "book", "shelf"
    )


@observation
def ships_first(with_charts, voyage):
    return with_charts.probe(SHIPS_FIRST, given=vars(voyage))


@observation
def berths_first(with_charts, voyage):
    return with_charts.probe(BERTHS_FIRST, given=vars(voyage))


@observation
def read(project):
    """What `Ship.position` is annotated with, in the text of the file."""
    paths = [str(project / "pilotbook/ships.py"), str(project / "pilotbook/ships/__init__.py")]
    return project.probe(READ, given={"paths": paths})


KINDS = {
    "plain": ("", "{}"),
    "quoted": ("", '"{}"'),
    "future": ("from __future__ import annotations\n", "{}"),
    "both": ("from __future__ import annotations\n", "'{}'"),
}
"""How a module of the judge's writes its annotations: what it begins with, and each of them."""
MODULES = {"plain": "entry_plain", "quoted": "entry_quoted", "future": "entry_future", "both": "entries.both"}
"""What these modules are called; one lies in a package."""


@observation
def entries(project):
    """Four modules with a class of the same fields, each in its own way, and lines to fill them in."""
    varied = project.varied("entries")
    metres, stems = varied.name("Metres"), varied.sample(["pier", "depth", "tide", "mark"], 4)
    name, quay = varied.names(" 'Dora", '"Quay" ', between=" ")
    kinds, numbers = varied.sample(["str", "int", "float", metres], 4), varied.sample(range(100, 1000), 6)
    made = {"str": str, "int": int, "float": float, metres: float}
    parts = [
        f"{number}.5" if made[kind] is float else str(number) for kind, number in zip(kinds, numbers, strict=False)
    ]
    files = {}
    for kind, (start, written) in KINDS.items():
        lines = [f"    {stem}: {written.format(each)}" for stem, each in zip(stems, kinds, strict=True)]
        if kind == "quoted":
            # A class of another kind, which takes its values by position.
            head = f"{metres} = float\nclass Entry:\n"
            lines.append(f"    def __init__(self, *values): vars(self).update(zip({stems}, values))")
        else:
            head = f"{start}from dataclasses import dataclass\n{metres} = float\n@dataclass\nclass Entry:\n"
        files[f"shelf/{MODULES[kind].replace('.', '/')}.py"] = head + "\n".join(lines) + "\n"
    values = [[made[kind].__name__, made[kind](part)] for kind, part in zip(kinds, parts, strict=True)]
    ship = [name, f"{numbers[4]}.25", str(numbers[5])]
    filled_in = Fields(metres, ";".join(parts), values, ship, [quay, f"{numbers[5]}.75"])
    fields = ", ".join(f"{stem}: {each}" for stem, each in zip(stems, kinds, strict=True))
    note = f"shelf has four modules with {metres} = float and a class Entry with the annotations {fields}:\n"
    note += "entry_plain.py; entry_quoted.py with quotes around them, and an __init__ that takes values by position;\n"
    note += "entry_future.py under the future import; entries/both.py with quotes and under that import"
    files["shelf/merrow_gis.py"] = GIS
    copy = project.copy("office", inside="book", note=note, files=files).on_path("book", "shelf")
    given = {
        "modules": [*MODULES.values()],
        "line": filled_in.line,
        "ship": ";".join(ship),
        "berth": ";".join(filled_in.berth),
    }
    return filled_in, copy.probe(FILL, given=given)


@observation
def signatures(project):
    """Functions with annotations of all sorts, and their texts."""
    varied = project.varied("signatures")
    boat, buoy, mark, metres = varied.names("Boat", "Buoy", "Mark", "Metres")
    texts = {
        "self": "float",
        "boat": boat,
        "depth": metres,
        "sides": f"'{boat}' | '{mark}'",
        "count": "int",
        "marks": f"list['{mark}']",
        "ways": f"dict[str, list['{buoy}']]",
        "tide": "list[float]",
        "nothing": "None",
        "either": f"{boat} | None",
        "inner": f"set['{mark}']",
        "return": f"tuple[int, '{buoy}']",
    }
    whole = ("boat", "depth", "sides", "either", "inner")
    quoted = texts | {name: f'"{texts[name]}"' for name in whole}
    bare = texts | {"count": "bool", "marks": f"list[{mark}]", "ways": f"dict[str, '{buoy}']"}
    modules = {
        "quoted": ("", quoted),
        "future": (KINDS["future"][0], quoted),
        "future_bare": (KINDS["future"][0], bare),
    }
    wanted = {"quoted": texts, "future": texts, "future_bare": bare}
    if project.virtualenv.interpreter.minor >= (3, 14):
        asked = {name: text for name, text in bare.items() if name != "sides"}
        modules["bare"], wanted["bare"] = ("", {**asked, "inner": f'"{mark}"'}), asked | {"inner": mark}
    files, notes = {"shelf/merrow_gis.py": GIS}, []
    for name, (start, annotations) in modules.items():
        parameters = [f"{each}: {text}" for each, text in annotations.items() if each != "return"]
        defined = f"{metres} = float\n"
        line = f"def enter({', '.join(parameters)}, other=1) -> {annotations['return']}: pass\n"
        files[f"shelf/signed_{name}.py"] = start + defined + line
        lines = "; ".join([*start.splitlines(), defined.strip(), line.strip()])
        notes.append(f"shelf/signed_{name}.py: {lines}")
    copy = project.copy("desk", inside="book", note="\n".join(notes), files=files).on_path("book", "shelf")
    wanted = {f"signed_{name}": each for name, each in wanted.items()}
    return wanted, copy.probe(SIGN, given={"modules": list(wanted)})


@observation
def wheel(project):
    """Built from a copy without what earlier builds have left."""

    def tidy(top):
        shutil.rmtree(top / "build", ignore_errors=True)

    return project.copy("shop", note="rm -rf build", change=tidy).build_wheel()


def expect_imported(seen, why):
    """Both modules could be imported in that order."""
    looked = expect(seen, why)
    return looked, looked.reported(Book)


@check(points=15, clause=1)
def test_either_first(ships_first, berths_first, voyage):
    """Ships or berths can be imported first, and both work."""
    why = (
        "One module imports the other while that is partially initialized. Which lines need the other module, and "
        "when do they run?"
    )
    name, quay = voyage.name, voyage.quay
    for seen in (ships_first, berths_first):
        looked, book = expect_imported(seen, why)
        looked.equal("name, draught and crew", [name, voyage.draught, 0, voyage.crew], book.ship)
        looked.equal("name and depth", [quay, voyage.draught + 1], book.berth)
        looked.equal("what three berths take", [True, False, False], book.takes)
        waits = f"{name} waits outside"
        looked.equal("what moor says of them", [f"{name} lies at {quay}", waits, waits], book.moor)


@check(points=10, clause=2)
def test_no_chart_library(ships_first, berths_first, voyage):
    """The chart library isn't imported, and any chart will do."""
    why = "A chart library is installed here, and the book ran it. Which of your lines needs it when the book runs?"
    for seen in (ships_first, berths_first):
        looked, book = expect_imported(seen, why)
        looked.equal("the position", [voyage.name, voyage.point], book.position)
        looked.equal("whether merrow_gis was imported", False, book.was_run)


@check(points=20, clause=3)
def test_hints(ships_first, berths_first):
    """Somebody who asks for the types gets the classes."""
    why = (
        "get_type_hints looks names up in the module of the function. Which names are there, and which of your lines "
        "bound them?"
    )
    for seen in (ships_first, berths_first):
        looked, book = expect_imported(seen, why)
        looked.that("the class, before the other module is imported", book.hints_at_first is True, book.hints_at_first)
        looked.that("the classes, when both are imported", book.hints_at_last is True, book.hints_at_last)


@check(points=10, clause=4, needs="test_either_first")
def test_for_the_checker(read):
    """A type checker finds where the types of position come from."""
    why = "A checker reads this file and runs nothing. Which import does it follow from the annotation?"
    looked = expect(read, why)
    found = looked.reported(dict[str, str | None])
    for name, wanted in (("chart", "merrow_gis.Chart"), ("return", "merrow_gis.Point")):
        came = found.get(name)
        looked.that(
            f"{wanted} as the annotation of {name!r}", came == wanted, came or "nothing that an import leads to"
        )


@check(points=15, clause=5)
def test_forms(entries):
    """Forms are filled in by annotation, in whatever way that is written."""
    why = (
        "The class has a type for each part. Is the annotation a type or a string, and in which module can its names "
        "be looked up?"
    )
    fields, seen = entries
    looked = expect(seen, why)
    report = looked.reported(Filled)
    for kind, found in zip(KINDS, report.entries, strict=True):
        looked.equal(f"the fields of {MODULES[kind]}.Entry", fields.values, found)
    name, draught, crew = fields.ship
    looked.equal("a Ship", [True, ["str", name], ["float", float(draught)], ["int", int(crew)]], report.ship)
    quay, depth = fields.berth
    looked.equal("a Berth", [True, ["str", quay], ["float", float(depth)]], report.berth)


@check(points=20, clause=6)
def test_signature(signatures):
    """Annotations are shown as text, even if the names in them don't exist."""
    wanted, seen = signatures
    why = (
        "These names aren't defined, and the contract asks only for text. What evaluates the annotations, and on "
        "which Pythons?"
    )
    looked = expect(seen, why)
    report = looked.reported(Signed)
    looked.equal("how many functions were shown", len(wanted), len(report.texts))
    for (module, texts), found in zip(wanted.items(), report.texts, strict=True):
        is_texts = isinstance(found, dict) and all(isinstance(text, str) for text in found.values())
        looked.that(f"a dict of texts for {module}.enter", is_texts, found)
        names = f"texts of these names for {module}.enter: {', '.join(texts)}"
        looked.that(names, found.keys() == texts.keys(), ", ".join(found))
        for name, text in texts.items():
            looked.equal(f"{module}.enter, {name}", text, found[name].replace('"', "'"))
    looked.equal("whether merrow_gis was imported", False, report.was_run)


@check(points=10, clause=7)
def test_wheel(wheel):
    """The wheel is marked as annotated, and requires no other distribution."""
    why = "A type checker looks at the installed files, and an installer at the metadata. What do they find there?"
    looked = expect(wheel, why)
    name = str(wheel.wheels[0].metadata["Name"]).replace("_", "-").lower()
    looked.equal("the wheel's name", "merrow-pilotbook", name)
    for file in ("pilotbook/ships.py", "pilotbook/py.typed"):
        looked.that(f"{file} in the wheel", file in wheel.shipped, wheel.listed)
    asked = [line for line in wheel.wheels[0].metadata.get_all("Requires-Dist", []) if always(str(line))]
    looked.none("no other distribution that it asks for", asked)


def always(line):
    """Whether a Requires-Dist line holds without any extra."""
    try:
        return "extra ==" not in str(Requirement(line).marker or "")
    except (ValueError, RecursionError):  # whatever the library makes of odd text
        return True
