"""Checks of 18 lazy_attributes."""

import os
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

WATCH = """
import sys
ran = []
sys.addaudithook(lambda event, of: ran.append(of[0].co_filename) if event == "exec" else None)
"""

DRAW = f"""
{WATCH.strip()}
import chartroom
seen = {{"tide": chartroom.tide(), "before": list(ran)}}
seen["chart"], seen["ran"] = chartroom.draw(place), list(ran)
kept = vars(chartroom).get("draw")
from chartroom._render import draw
seen["same"], seen["kept"], seen["shown"] = chartroom.draw is draw, kept is draw, repr(kept)
see(seen)
"""

FROM_IMPORT = f"""
{WATCH.strip()}
import chartroom
before = list(ran)
from chartroom import draw
see({{"before": before, "chart": draw(place)}})
"""

STAR = f"""
{WATCH.strip()}
import chartroom
seen, space = {{"before": list(ran)}}, {{}}
exec("from chartroom import *", space)
seen["bound"] = sorted(space.keys() - {{"__builtins__"}})
seen["chart"] = space["draw"](place) if "draw" in space else None
seen["tide"] = space["tide"]() if "tide" in space else None
seen["tile"] = space["tiles"].tile(row, column) if "tiles" in space else None
see(seen)
"""

ASK = f"""
{WATCH.strip()}
import chartroom
def outcome(usual, ask, *arguments):
    try:
        return ask(*arguments)
    except Exception as error:
        return usual.__name__ if isinstance(error, usual) else type(error).__name__
seen = {{"listed": outcome((), dir, chartroom), "ran": list(ran)}}
def import_from(name):
    exec(f"from chartroom import {{name}}", {{}})
    return "imported"
seen["attribute"] = {{name: outcome(AttributeError, getattr, chartroom, name) for name in unknown}}
seen["hasattr"] = {{name: outcome((), hasattr, chartroom, name) for name in unknown}}
seen["imported"] = {{name: outcome(ImportError, import_from, name) for name in unknown}}
seen["tide"] = chartroom.tide()
see(seen)
"""

TILES = f"""
{WATCH.strip()}
import chartroom
before = list(ran)
number = chartroom.tiles.tile(row, column)
same = chartroom.tiles is sys.modules.get("chartroom.tiles")
see({{"before": before, "number": number, "ran": list(ran), "same": same}})
"""

WARNED = """
import sys, warnings
def run(name, lines):
    space = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(lines, name, "exec"), space)
    right = lambda one: issubclass(one.category, DeprecationWarning)
    told = [[right(one), one.category.__name__, one.filename, one.lineno] for one in caught]
    return space.get("found"), told
seen = {}
_, seen["imported"] = run("mate.py", "import chartroom")
old, seen["first"] = run("captain.py", "import chartroom\\n\\nfound = chartroom.old_draw")
again, seen["second"] = run("owner.py", "import chartroom\\nfound = chartroom.old_draw")
new, _ = run("mate.py", "import chartroom\\nfound = chartroom.draw")
seen["same"], seen["kind"] = old is new is again and callable(new), type(old).__name__
for name in [name for name in sys.modules if name.partition(".")[0] == "chartroom"]:
    del sys.modules[name]
new, seen["draw"] = run("mate.py", "import chartroom\\nfound = chartroom.draw")
old, seen["third"] = run("pilot.py", "import chartroom\\n\\n\\nfound = chartroom.old_draw")
seen["same_again"] = old is new and callable(new)
see(seen)
"""


@dataclass
class Drawn:
    """What DRAW reports."""

    tide: Any
    before: list[str]
    chart: Any
    ran: list[str]
    same: bool
    kept: bool
    shown: str


@dataclass
class Taken:
    """What FROM_IMPORT reports."""

    before: list[str]
    chart: Any


@dataclass
class Starred(Taken):
    """What STAR reports."""

    bound: list[str]
    tide: Any
    tile: Any


@dataclass
class Tiled:
    """What TILES reports."""

    before: list[str]
    number: Any
    ran: list[str]
    same: bool


@dataclass
class Asked:
    """What ASK reports."""

    listed: Any
    ran: list[str]
    attribute: dict[str, Any]
    hasattr: dict[str, Any]
    imported: dict[str, Any]
    tide: Any


Told = list[tuple[bool, str, Any, Any]]
"""Warnings: whether one is a DeprecationWarning, what it is called, and at which file and line it points."""


@dataclass
class Warned:
    """What WARNED reports."""

    imported: Told
    draw: Told
    first: Told
    second: Told
    third: Told
    same: bool
    same_again: bool
    kind: str


@observation
def coast(project):
    """A copy where the scale, the tide and the number of columns are others."""
    random = project.varied("coast")
    scale, columns = random.randrange(21000, 90000), random.randrange(13, 90)
    tide = f"{random.randrange(10, 16)}:{random.randrange(10, 60)}"
    edits = {
        "chartroom/_render.py": ("SCALE = 20000", f"SCALE = {scale}"),
        "chartroom/tiles.py": ("COLUMNS = 12", f"COLUMNS = {columns}"),
        "chartroom/light.py": ('HIGH_WATER = "16:35"', f'HIGH_WATER = "{tide}"'),
    }
    note = f'_render.py says SCALE = {scale}, tiles.py COLUMNS = {columns}, light.py HIGH_WATER = "{tide}"'
    place = random.choice(["Bell Rock", "Cape Wrack", "Long Strand"])
    row, column = random.randrange(2, 9), random.randrange(1, 12)
    wanted = {"chart": f"chart of {place}, 1 : {scale}", "tide": tide, "tile": row * columns + column}
    wanted |= {"row": row, "column": column}
    return place, wanted, project.copy("next edition", note=note, edits=edits)


@observation
def drawn(coast):
    place, _, copy = coast
    return copy.on_path().probe(DRAW, given={"place": place})


@observation
def from_import(coast):
    place, _, copy = coast
    return copy.on_path().probe(FROM_IMPORT, given={"place": place})


@observation
def star(coast):
    place, wanted, copy = coast
    return copy.on_path().probe(STAR, given={"place": place, "row": wanted["row"], "column": wanted["column"]})


@observation
def tiled(coast):
    _, wanted, copy = coast
    return copy.on_path().probe(TILES, given={"row": wanted["row"], "column": wanted["column"]})


@observation
def unknown(project):
    """Names that the package doesn't have: parts of those that it has, more than these, and other letters."""
    random = project.varied("unknown")
    names = ["__wrapped__", random.name("nope")]
    for name in ("draw", "tiles", "old_draw"):
        before, after = random.sample("bcfghjkmnpvx", 2)
        names += [name[1:], name[:-1], name.capitalize(), f"{before}{name}", f"{name}{after}"]
    return names


@observation
def asked(coast, unknown):
    return coast[2].on_path().probe(ASK, given={"unknown": unknown})


@observation
def warned(project):
    return project.on_path().probe(WARNED)


@check(points=20, clause=(1, 2))
def test_light_import(coast, drawn):
    """Importing it and asking for the tide runs neither the renderer nor the tiles; drawing works."""
    _, wanted, _ = coast
    why = (
        "This program only wants the tide and shouldn't wait. Which file runs at the import, and which of its lines "
        "run other files?"
    )
    looked = expect(drawn, why)
    seen = looked.reported(Drawn)
    looked.equal("chartroom.tide()", wanted["tide"], seen.tide)
    expect_nothing_ran(looked, seen.before, "_render.py", "tiles.py")
    looked.equal("the chart", wanted["chart"], seen.chart)
    expect_alone(drawn, "_render.py", seen.before, seen.ran)


@check(points=10, clause=3)
def test_from_import(coast, from_import, star):
    """`from chartroom import draw` and the star load what they ask for."""
    _, wanted, _ = coast
    why = "Here import statements ask for the names. Where does Python look for them, and which of your lines answers?"
    looked = expect(from_import, why)
    taken = looked.reported(Taken)
    expect_nothing_ran(looked, taken.before, "_render.py")
    looked.equal("the chart", wanted["chart"], taken.chart)
    looked = expect(star, why)
    starred = looked.reported(Starred)
    looked.equal("what the star binds", ["draw", "tide", "tiles"], starred.bound)
    looked.equal("the chart", wanted["chart"], starred.chart)
    looked.equal("tide()", wanted["tide"], starred.tide)
    looked.equal(f"tiles.tile({wanted['row']}, {wanted['column']})", wanted["tile"], starred.tile)


@check(points=10, clause=2)
def test_kept(coast, drawn):
    """After its first use, draw is an ordinary entry of the package, the renderer's own function."""
    _, wanted, _ = coast
    why = (
        "The function was used, and will be used again. Which object is it, and where would Python find it without "
        "your code?"
    )
    looked = expect(drawn, why)
    seen = looked.reported(Drawn)
    looked.equal("the chart", wanted["chart"], seen.chart)
    expect_nothing_ran(looked, seen.before, "_render.py")
    looked.that("chartroom.draw is the function of _render.py", seen.same, "another object")
    looked.that('vars(chartroom)["draw"] is that function', seen.kept, f"it is {seen.shown}")


@check(points=15, clause=4)
def test_dir(asked):
    """`dir` lists all three names, and loads nothing."""
    why = (
        "This program calls dir(). Which names does Python find by itself, and must it load a file to list the others?"
    )
    looked = expect(asked, why)
    seen = looked.reported(Asked)
    met = isinstance(seen.listed, list) and all(name in seen.listed for name in ("draw", "tide", "tiles"))
    looked.that("draw, tide and tiles in dir(chartroom)", met, seen.listed)
    expect_nothing_ran(looked, seen.ran, "_render.py", "tiles.py")


@check(points=15, clause=5, alone=False)
def test_unknown_names(coast, unknown, asked):
    """A name that the package doesn't have is missing in the usual way."""
    why = (
        "These names don't exist. Which exception does an ordinary module raise, and what do hasattr and import do "
        "with it?"
    )
    looked = expect(asked, why)
    seen = looked.reported(Asked)
    looked.equal("chartroom.tide()", coast[1]["tide"], seen.tide)
    looked.equal("the result of getattr", dict.fromkeys(unknown, "AttributeError"), seen.attribute)
    looked.equal("what hasattr returns", dict.fromkeys(unknown, False), seen.hasattr)
    looked.equal("the result of `from chartroom import …`", dict.fromkeys(unknown, "ImportError"), seen.imported)


@check(points=15, clause=6)
def test_tiles(coast, tiled):
    """The submodule tiles can be used like any attribute, and is loaded at that time."""
    _, wanted, _ = coast
    why = (
        "No line here imports chartroom.tiles. What does Python call for that name, how often, and what loads the "
        "module?"
    )
    looked = expect(tiled, why)
    seen = looked.reported(Tiled)
    expect_nothing_ran(looked, seen.before, "tiles.py")
    looked.equal(f"chartroom.tiles.tile({wanted['row']}, {wanted['column']})", wanted["tile"], seen.number)
    looked.equal("how often tiles.py was run", 1, heavy(seen.ran).count("tiles.py"))
    looked.that('chartroom.tiles is sys.modules["chartroom.tiles"]', seen.same, "another object")
    expect_alone(tiled, "tiles.py", seen.before, seen.ran)


@check(points=15, clause=7)
def test_old_name(warned):
    """The old name is the same function, with a warning that names the line where it is used."""
    why = "The warning is for the people who wrote the old name. When must it come, and which line must it name?"
    looked = expect(warned, why)
    seen = looked.reported(Warned)
    same = seen.same and seen.same_again
    looked.that("chartroom.old_draw is chartroom.draw", same, f"another object; its type is {seen.kind}")
    looked.that("no warning at the import", not seen.imported, in_words(seen.imported))
    looked.that("no warning for chartroom.draw", not seen.draw, in_words(seen.draw))
    uses = (seen.first, "captain.py", 3), (seen.second, "owner.py", 2), (seen.third, "pilot.py", 4)
    for told, file, line in uses:
        wanted = f"one DeprecationWarning that points at {file}, line {line}"
        met = [(right, *place) for right, _, *place in told] == [(True, file, line)]
        looked.that(wanted, met, in_words(told))


def expect_nothing_ran(looked, ran, *files):
    """None of the heavy files was run up to some point."""
    early = [name for name in heavy(ran) if name in files]
    looked.none(f"nothing has run {' or '.join(files)} yet", early, "run: ")


def expect_alone(seen, file, before, ran):
    """Of the heavy files only one was run for what was asked."""
    others = [name for name in heavy(ran[len(before) :]) if name != file]
    why = "The program asked for one heavy part, and the other one ran, too. Which of your lines run for which name?"
    expect(seen, why).none(f"only {file} is run for it", others, "run as well: ")


def heavy(ran):
    """Those of the heavy files that were run, in order."""
    return [path.rpartition(os.sep)[2] for path in ran if path.endswith((f"{os.sep}_render.py", f"{os.sep}tiles.py"))]


def in_words(told):
    """Warnings, one in a line."""
    lines = [f"{name}, {file}, line {line}" for _, name, file, line in told]
    return "\n".join(lines) or "no warning"
