"""Checks of 03 init_exports."""

from grader.checks import check, expect, observation

ROOMS = {"Berth": "berths", "allocate": "allocate", "next_tide": "tides"}

CLERK = """
from harbour import Berth, allocate, next_tide
berths = [Berth("fish quay", 3.0), Berth("north quay", 7.5)]
see({"berth": allocate(5.0, berths).name, "tide": next_tide("12:00")})
"""

STAR = """
import harbour
listed = getattr(harbour, "__all__", None)
seen = {"listed": listed, "repr": repr(listed), "sequence": isinstance(listed, (list, tuple))}
space = {}
try:
    exec("from harbour import *", space)
except Exception as error:
    seen["error"] = f"{type(error).__name__}: {error}"
seen["bound"] = sorted(space.keys() - {"__builtins__"})
see(seen)
"""

DESK_FIRST = """
import sys, harbour
mine = {"Berth": harbour.Berth, "allocate": harbour.allocate, "next_tide": harbour.next_tide}
tide = harbour.next_tide("12:00")
import harbour.berths, harbour.allocate, harbour.tides
rooms = sys.modules
seen = {
    "Berth": mine["Berth"] is rooms["harbour.berths"].Berth,
    "allocate": mine["allocate"] is rooms["harbour.allocate"].allocate,
    "next_tide": mine["next_tide"] is rooms["harbour.tides"].next_tide,
    "still": harbour.allocate is rooms["harbour.allocate"].allocate,
    "repr": repr(harbour.allocate),
    "tide": tide,
    "archive": "harbour.archive" in rooms,
}
print("Now the archive.")
import harbour.archive
seen["Alma"] = harbour.archive.first_call("Alma")
see(seen)
"""

ROOMS_FIRST = """
import sys, harbour.tides
from harbour import Berth, next_tide
import harbour.berths, harbour.allocate
rooms = sys.modules
see({
    "Berth": Berth is rooms["harbour.berths"].Berth,
    "next_tide": next_tide is rooms["harbour.tides"].next_tide,
    "still": harbour.allocate is rooms["harbour.allocate"].allocate,
    "repr": repr(harbour.allocate),
})
"""


@observation
def clerk(project):
    chance = project.side.varied("tide")
    times = [f"{chance.randrange(first, first + 11):02}:{chance.randrange(60):02}" for first in (0, 13)]
    table = f'HIGH_WATER = ["{times[0]}", "{times[1]}"]'

    def print_new_table(copy):
        tides = copy / "harbour" / "tides.py"
        tides.write_text(tides.read_text().replace('HIGH_WATER = ["04:10", "16:35"]', table))

    copy = project.copy("ferry office", note=f"harbour/tides.py says {table}", change=print_new_table)
    return times[1], copy.probe(CLERK, env={"PYTHONPATH": copy.path})


@observation
def star(project):
    return project.probe(STAR, env={"PYTHONPATH": project.path})


@observation
def desk_first(project):
    return project.probe(DESK_FIRST, env={"PYTHONPATH": project.path})


@observation
def rooms_first(project):
    return project.probe(ROOMS_FIRST, env={"PYTHONPATH": project.path})


def report(looked):
    """The probe's value as a dictionary; a learner's code may have put anything in its place."""
    seen = looked.reported()
    looked.that("a dictionary from these lines", isinstance(seen, dict), seen)
    return seen


@check(points=20, clause=1)
def test_three_names(clerk):
    """A clerk's program gets its three names from harbour, from any folder."""
    tide, seen = clerk
    looked = expect(seen, "The clerk's program stops or is told something old. Where does each name come from, and what is it?")
    looked.equal("what the clerk is told", {"berth": "north quay", "tide": tide}, looked.reported())


@check(points=10, clause=1)
def test_same_objects(desk_first):
    """The three names are the very objects of their modules."""
    looked = expect(desk_first, "The desk hands out something of its own. How many times was that class or function made?")
    seen = report(looked)
    for name, room in ROOMS.items():
        looked.that(f"harbour.{name} is what harbour/{room}.py defines", seen.get(name) is True, f"another {name}")


@check(points=15, clause=2)
def test_list_of_names(star):
    """`__all__` holds the three names, as strings."""
    looked = expect(star, "What does __all__ hold: the things themselves, or something that leads to them? Which, and how many?")
    seen = report(looked)
    listed = seen.get("listed")
    right = isinstance(listed, list) and len(listed) == len(ROOMS) and all(name in listed for name in ROOMS)
    wanted = f"__all__ is a list or a tuple of these strings: {', '.join(map(repr, ROOMS))}"
    looked.that(wanted, right and seen.get("sequence") is True, f"__all__ is {seen.get('repr')}")


@check(points=20, clause=2)
def test_star_import(star):
    """`from harbour import *` binds the three names and nothing else."""
    looked = expect(star, "What tells the star which names to bring, and what does it bring where nobody told it?")
    seen = report(looked)
    looked.that("that `from harbour import *` succeeds", "error" not in seen, seen.get("error"))
    looked.equal("what the star brings", sorted(ROOMS), seen.get("bound"))


@check(points=15, clause=3)
def test_allocate_is_the_function(desk_first, rooms_first):
    """`harbour.allocate` is the function, whichever modules were imported before or after."""
    for seen in (desk_first, rooms_first):
        why = "A module and a function share that name. When does Python bind the module in its package, and who comes last?"
        looked = expect(seen, why)
        seen = report(looked)
        looked.that("harbour.allocate is the function", seen.get("still") is True, f"it is {seen.get('repr')}")


@check(points=10, clause=4)
def test_archive_waits(desk_first):
    """Asking for the tide doesn't start the archive; importing the archive does."""
    looked = expect(desk_first, "The archive is for those who ask for it. Which line in harbour runs archive.py, and when?")
    seen = report(looked)
    looked.equal("the next tide", "16:35", seen.get("tide"))
    quiet = seen.get("archive") is False and "tape drive" not in desk_first.stdout.partition("Now the archive.")[0]
    looked.that("an archive at rest until somebody imports it", quiet, "it was started before")
    looked.equal('first_call("Alma")', 1987, seen.get("Alma"))


@check(points=10, clause=1)
def test_room_first(rooms_first):
    """The names are right in a program that imports one of the modules first."""
    looked = expect(rooms_first, "Somebody imports harbour.tides before anything else. What of harbour has Python run by then?")
    seen = report(looked)
    for name in ("Berth", "next_tide"):
        looked.that(f"harbour.{name} is what harbour/{ROOMS[name]}.py defines", seen.get(name) is True, f"another {name}")
