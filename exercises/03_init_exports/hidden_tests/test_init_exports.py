"""Checks of 03 init_exports."""

from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

NEXT_TIDES = {"02:45": "04:10", "12:00": "16:35", "21:20": "04:10"}
"""At some times, as the given `harbour/tides.py` has it."""
FIRST_CALLS = {"Alma": 1987, "Corvina": 1994, "Petrel": 2000}
"""As the given `harbour/_ledger.py` has them."""

CLERK = """
from harbour import Berth, allocate, next_tide
berths = [Berth(shallow, 3.0), Berth(deep, 7.5)]
see({"berth": allocate(5.0, berths).name, "tide": next_tide("12:00")})
"""

STAR = """
import harbour
listed = getattr(harbour, "__all__", None)
seen = {"listed": listed, "sequence": isinstance(listed, (list, tuple)), "shown": repr(listed)}
def trouble(line, space):
    try:
        exec(line, space)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
space = {}
seen["error"] = trouble("from harbour import *", space)
seen["bound"] = [name for name in space if name != "__builtins__"]
space.update(times=times, pier=pier)
line = "told = [*map(next_tide, times), Berth(pier, 8.0).name, *map(Berth(pier, 8.0).takes, (7.5, 7.75))]"
seen["trouble"] = trouble(line, space)
seen["told"] = space.get("told")
see(seen)
"""

DESK_FIRST = """
import sys
runs = []
sys.addaudithook(lambda event, of: runs.append(of[0].co_filename) if event == "exec" else None)
import harbour
mine = harbour.Berth, harbour.allocate, harbour.next_tide
tide = harbour.next_tide(now)
seen = {"tide": tide, "runs": [*runs], "archive": "harbour.archive" in sys.modules}
import harbour.allocate
from harbour.berths import Berth
from harbour.allocate import allocate
from harbour.tides import next_tide
def outcome(name):
    try:
        return repr(getattr(harbour, name))
    except AttributeError:
        return "AttributeError"
    except BaseException as error:
        return repr(error)
seen["same"] = {"Berth": mine[0] is Berth, "allocate": mine[1] is allocate, "next_tide": mine[2] is next_tide}
seen["stamps"] = [getattr(thing, "stamp", None) for thing in (Berth, allocate, next_tide)]
seen["function"], seen["shown"] = harbour.allocate is allocate, repr(harbour.allocate)
seen["nobody"] = outcome(nobody)
see(seen)
print("Now the archive.")
import harbour.archive
print(harbour.archive.first_call(ship))
"""

MODULES_FIRST = """
import harbour.allocate, harbour.tides
mine = [harbour.allocate]
from harbour import Berth, next_tide
mine += Berth, next_tide
from harbour.berths import Berth
from harbour.allocate import allocate
from harbour.tides import next_tide
seen = {"function": mine[0] is allocate, "shown": repr(mine[0])}
seen["same"] = {"Berth": mine[1] is Berth, "next_tide": mine[2] is next_tide}
seen["stamps"] = [getattr(thing, "stamp", None) for thing in (Berth, allocate, next_tide)]
see(seen)
"""


@dataclass
class Star:
    """What STAR reports."""

    listed: Any
    sequence: bool
    shown: str
    error: str | None
    bound: list[str]
    trouble: str | None
    told: Any


@dataclass
class ModulesFirst:
    """What MODULES_FIRST reports, and DESK_FIRST among other things."""

    same: dict[str, bool]
    stamps: list[Any]
    function: bool
    shown: str


@dataclass
class DeskFirst(ModulesFirst):
    """What DESK_FIRST reports."""

    tide: Any
    runs: list[str]
    archive: bool
    nobody: str


@observation
def office(project):
    """The evening tide, a stamp, and a copy in another place that has this tide, and this stamp on all things."""
    numbers = project.varied("high water")
    morning, evening = (f"{numbers.randrange(hour, hour + 7):02}:{numbers.randrange(10, 60)}" for hour in (0, 17))
    table, stamp = f'HIGH_WATER = ["{morning}", "{evening}"]', numbers.randrange(1000, 10000)

    def put_stamps(copy):
        for module, thing in (("berths", "Berth"), ("allocate", "allocate"), ("tides", "next_tide")):
            with (copy / "harbour" / f"{module}.py").open("a") as file:
                file.write(f"\n\n{thing}.stamp = {stamp}\n")

    edits = {"harbour/tides.py": ('HIGH_WATER = ["04:10", "16:35"]', table)}
    note = f"""harbour/tides.py says {table};
at the end of berths.py stands Berth.stamp = {stamp}, of allocate.py and of tides.py the like"""
    return evening, stamp, project.copy("ferry office", note=note, edits=edits, change=put_stamps).on_path()


@observation
def clerk(project, office):
    """A clerk's program."""
    evening, _, copy = office
    shallow, deep = project.varied("quays").names("fish", "north")
    wanted = {"berth": deep, "tide": evening}
    return wanted, copy.probe(CLERK, given={"shallow": shallow, "deep": deep})


@observation
def star(project):
    """A star import, what announces it, and what can be done with what it brings; and what should come of that."""
    varied = project.varied("star")
    times, pier = varied.sample(sorted(NEXT_TIDES), 2), varied.name("pier")
    # What allocate is, is looked at elsewhere.
    wanted = [*(NEXT_TIDES[now] for now in times), pier, True, False]
    return wanted, project.on_path().probe(STAR, given={"times": times, "pier": pier})


@observation
def desk_first(project, office):
    """A program that takes the names from the desk and imports their modules later, the archive last."""
    evening, _, copy = office
    varied = project.varied("desk")
    given = {"now": "12:00", "ship": varied.choice(sorted(FIRST_CALLS)), "nobody": varied.name("nobody")}
    return evening, str(FIRST_CALLS[given["ship"]]), copy.probe(DESK_FIRST, given=given)


@observation
def modules_first(office):
    """A program that imports modules before it asks the desk, `harbour.allocate` first of all."""
    return office[-1].probe(MODULES_FIRST)


def expect_given(looked, seen, office):
    """What harbour's modules hold is what the given files define."""
    stamps = [office[1]] * 3
    looked.that("objects made by the given files, with their stamp", seen.stamps == stamps, f"stamps: {seen.stamps}")


@check(points=20, clause=1)
def test_three_names(clerk):
    """A clerk's program gets the three names from harbour, and they work."""
    wanted, seen = clerk
    why = "The program stops, or gets an old tide. Which line of __init__.py binds each of the names, and to what?"
    expect(seen, why).reports("what the clerk is told", wanted)


@check(points=10, clause=1)
def test_same_objects(office, desk_first):
    """The three names are the same objects that the modules define."""
    *_, probe = desk_first
    looked = expect(probe, "Each object is made once, in its own module. Which object does harbour have?")
    seen = looked.reported(DeskFirst)
    for name in ("Berth", "allocate", "next_tide"):
        looked.that(f"harbour.{name} is the one that its module defines", seen.same.get(name, False), f"another {name}")
    expect_given(looked, seen, office)
    why = "harbour has no such name. What does Python call in this case, and which exception should come?"
    expect(probe, why).equal("the result for another name", "AttributeError", seen.nobody)


@check(points=15, clause=2)
def test_list_of_names(star):
    """`__all__` lists the three names, as strings."""
    why = "What does Python do with each item of __all__? So what must an item be, and which belong there?"
    looked = expect(star[1], why)
    seen = looked.reported(Star)
    names = ("Berth", "allocate", "next_tide")
    right = isinstance(seen.listed, list) and len(seen.listed) == 3 and all(name in seen.listed for name in names)
    wanted = f"__all__ is a list or a tuple of the strings {', '.join(map(repr, names))}"
    looked.that(wanted, right and seen.sequence, f"__all__ is {seen.shown}")


@check(points=20, clause=2)
def test_star_import(star):
    """`from harbour import *` binds the three names and no others."""
    why = (
        "Which list names what the star brings, what must be there for each name, and what does the star bring "
        "without the list?"
    )
    wanted, probe = star
    looked = expect(probe, why)
    seen = looked.reported(Star)
    looked.that("`from harbour import *` succeeds", seen.error is None, seen.error)
    looked.equal("what the star binds", ["Berth", "allocate", "next_tide"], sorted(seen.bound))
    looked = expect(probe, "The star brings three names. Which objects do they refer to?")
    looked.that("they can be used", seen.trouble is None, seen.trouble)
    looked.equal("what comes of it", wanted, seen.told)


@check(points=15, clause=3)
def test_allocate_is_the_function(office, desk_first, modules_first):
    """`harbour.allocate` is the function, even if a program imports the module of that name."""
    why = (
        "A module and a function share one name. When does Python bind the module to it, and which binding comes last?"
    )
    for program in (desk_first[-1], modules_first):
        looked = expect(program, why)
        seen = looked.reported(ModulesFirst)
        looked.that("harbour.allocate is the function", seen.function, f"harbour.allocate is {seen.shown}")
        expect_given(looked, seen, office)


@check(points=10, clause=4)
def test_archive_waits(office, desk_first):
    """Asking for the tide doesn't load the archive; importing the archive starts it."""
    why = "Only the last lines need the archive. Which files does `import harbour` run, and what do they load?"
    tide, year, probe = desk_first
    looked = expect(probe, why)
    seen = looked.reported(DeskFirst)
    looked.equal("the next tide", tide, seen.tide)
    before, _, after = probe.stdout.partition("Now the archive.")
    wanted = "an archive that waits until it is imported"
    looked.that(wanted, not seen.archive, "harbour.archive is in sys.modules before that")
    looked.that(wanted, str(office[-1] / "harbour/archive.py") not in seen.runs, "harbour/archive.py runs before that")
    looked.that(wanted, "tape drive" not in before, "the tape drive starts before that")
    started = "tape drive" in after and year in after.split()
    looked.that(f"an archive that starts when imported, and {year}", started, after.strip() or "nothing on stdout")


@check(points=10, clause=1)
def test_module_first(office, modules_first):
    """The names are right in a program that has imported one of the modules first."""
    why = "Two modules of harbour were imported first. Which lines of the package has Python run by then?"
    looked = expect(modules_first, why)
    seen = looked.reported(ModulesFirst)
    for name in ("Berth", "next_tide"):
        looked.that(f"harbour.{name} is the one that its module defines", seen.same.get(name, False), f"another {name}")
    expect_given(looked, seen, office)
