"""Checks of 19 package_data."""

from dataclasses import dataclass
from itertools import zip_longest

from grader.checks import check, expect, expect_installed, observation

TABLE, NOTES = "almanac/data/tides.csv", "almanac/data/notes/harbour.txt"
NAMES = ("Cormorant Rock", "Hag's Tooth", "Long Sand", "Old Mole", "Port Merrow", "Skerry Light", "Tern Holm")
FAR, NEAR = "Bj\u00f8rn\u00f8", "harbour bar"

NO_WHEEL = "The build made no wheel. What does it report as missing, and which of your settings asks for that?"

# Files are read by what is built in: a class such as pathlib.Path could be given another way to read. A path of bytes
# is no text, so nothing can be added to it.
LOOK = r"""
from os import fspath
import almanac
def attempt(what):
    try:
        return repr(what())
    except KeyError:
        return "KeyError"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def content(path):
    try:
        with open(fspath(path) + "", "rb") as file:
            return file.read()
    except OSError as error:
        return error.strerror
with open("harbour.txt", "wb") as file:
    file.write(b"Mine.")
def copies():
    with almanac.local_copy("tides.csv") as table, almanac.local_copy("notes/harbour.txt") as notes:
        with almanac.local_copy("tides.csv"):
            pass
        return [content(table), content(notes)]
see({
    "stations": attempt(lambda: almanac.stations()),
    "high": [attempt(lambda: almanac.high(station)) for station in ("Bj\u00f8rn\u00f8", "harbour bar")],
    "unknown": [attempt(lambda: almanac.high(station)) for station in unknown],
    "copies": attempt(copies),
    "own": repr(content("harbour.txt")),
})
"""

# In the working directory lies a table of somebody else, with other heights at the same stations.
BESIDE_ANOTHER = f"""
import os
os.makedirs("almanac/data")
with open("almanac/data/tides.csv", "wb") as file:
    file.write(theirs.encode("utf-8"))
{LOOK.strip()}
"""

THEIRS = f"station,high\n{FAR},1.25\n{NEAR},1.5\n"

NO_UNKNOWN = {"unknown": []}
"""For LOOK, in all places but one."""

ZIPPED = f"""
import shutil, sys
sys.path.insert(0, shutil.make_archive("lifeboat", "zip", sys.argv[1], "almanac"))
{LOOK.strip()}
"""


@dataclass
class Looked:
    """What LOOK reports: what came of each call, as `repr` shows it."""

    stations: str
    high: list[str]
    unknown: list[str]
    copies: str
    own: str


@dataclass(frozen=True)
class Edition:
    """What the data files of a changed copy hold."""

    heights: dict[str, float]
    notes: bytes

    @property
    def table(self):
        """The content of tides.csv."""
        lines = ["station,high", *(f"{station},{height:g}" for station, height in self.heights.items()), ""]
        return "\n".join(lines).encode()


@observation
def edition(project):
    """Stations, heights and notes that are in no report yet. The notes are no text in UTF-8: a copy is of bytes."""
    numbers = project.varied("edition")
    stations = [*numbers.sample(NAMES, 3), FAR, NEAR]
    numbers.shuffle(stations)
    heights = {station: numbers.randrange(33, 100) / 16 for station in stations}
    # One of those asked for is a whole number, and one isn't.
    heights |= {FAR: float(numbers.randrange(3, 10)), NEAR: numbers.randrange(65, 200, 2) / 32}
    return Edition(heights, f"Edition {numbers.randrange(1000, 10000)}\r\n{FAR}\n".encode("latin-1"))


@observation
def unknown(edition):
    """Stations that are not in the table, though some of their letters are."""
    first, *_ = edition.heights
    near = [NEAR.upper(), NEAR.title(), NEAR[:-1], NEAR[1:], f"{NEAR}s", f" {NEAR}", f"{NEAR} ", NEAR.replace(" ", "_")]
    return ["Atlantis", "", "station", first.partition(" ")[0] + " Ness", FAR[:4], f"{FAR} Rock", *near]


@observation
def changed(project, edition):
    note = f"{TABLE} holds {edition.table.decode()!r}, and {NOTES} the bytes {edition.notes!r}"
    return project.copy("new edition", note=note, files={TABLE: edition.table, NOTES: edition.notes})


@observation
def beside(changed, unknown):
    """Used from its folder."""
    return changed.on_path().probe(BESIDE_ANOTHER, given={"unknown": unknown, "theirs": THEIRS})


@observation
def plain(changed):
    """Used from its folder, by a Python that takes text for ASCII if nobody says otherwise."""
    plainly = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return changed.on_path().probe(LOOK, given=NO_UNKNOWN, env=plainly)


@observation
def zipped(changed):
    """Used from a zip file that holds the package alone."""
    return changed.probe(ZIPPED, changed.path, given=NO_UNKNOWN)


@observation
def built(changed):
    return changed.build_wheel()


@observation
def installed(built):
    return built.install()


@observation
def used(installed):
    """Used where the wheel is installed."""
    return installed.probe(LOOK, given=NO_UNKNOWN)


@check(points=15, clause=1)
def test_any_folder(edition, beside):
    """It gives the stations of its own table in any working directory."""
    why = (
        "The data is in its usual place, but the working directory is another one. Where does your path to the data "
        "start?"
    )
    expect_heights(edition, beside, why)


@check(points=10, clause=2)
def test_unknown_station(edition, unknown, beside):
    """A station that is not in the table is a KeyError."""
    looked = expect(beside, "One station is in the table and one isn't. What does the caller get for the second?")
    seen = looked.reported(Looked)
    expect_high(edition, beside, looked, seen)
    for name, came in zip_longest(unknown, seen.unknown):
        looked.that(f"high({name!r}) raises KeyError", came == "KeyError", f"what came of it: {came}")


@check(points=15, clause=3)
def test_in_the_wheel(built):
    """Both data files are in the wheel, in their places."""
    why = (
        "The build packs modules by itself, but no other files. Which setting names each data file, and does it "
        "reach the right folder?"
    )
    expect(built, NO_WHEEL)
    looked = expect(built, why)
    wanted = ("almanac/__init__.py", TABLE, NOTES)
    looked.that(f"a wheel with {', '.join(wanted)}", set(wanted) <= set(built.shipped), built.listed)


@check(points=15, clause=4)
def test_installed(edition, built, installed, used):
    """Installed from the wheel, it gives the same answers."""
    why = (
        "Only the files of the wheel are here. Is the table one of them, and does the code look in the place where "
        "it is now?"
    )
    expect(built, NO_WHEEL)
    expect_installed(installed, why)
    expect_heights(edition, used, why)


@check(points=15, clause=5)
def test_in_a_zip(edition, zipped):
    """Imported from a zip file, it gives the same answers."""
    why = "In a zip file there are no files that `open` can open. What can read the table from there?"
    expect_heights(edition, zipped, why)


@check(points=15, clause=6)
def test_plain_locale(edition, plain):
    """In the C locale, without UTF-8 mode, it gives the same answers."""
    why = "The bytes of the table are the same on every machine. What decides here how Python decodes them?"
    expect_heights(edition, plain, why)


@check(points=15, clause=7)
def test_local_copy(edition, beside, zipped):
    """`local_copy` gives a real file with exactly the same bytes, from a folder and from a zip file."""
    why = (
        "Inside the with there must be a file with exactly these bytes. Which line writes it, in which mode, and how "
        "long is it there?"
    )
    wanted = [edition.table, edition.notes]
    for place in (beside, zipped):
        looked = expect(place, why)
        seen = looked.reported(Looked)
        looked.that(f"copies that hold {wanted}", seen.copies == repr(wanted), f"what came: {seen.copies}")
        looked = expect(
            place, "The working directory has another harbour.txt, which isn't yours. Where does your code make copies?"
        )
        looked.that("harbour.txt in the working directory says 'Mine.' still", seen.own == "b'Mine.'", seen.own)


def expect_heights(edition, place, why):
    """There it says what the table says."""
    looked = expect(place, why)
    seen = looked.reported(Looked)
    stations = sorted(edition.heights)
    if sorted(seen.stations) == sorted(repr(stations)) and seen.stations != repr(stations):
        why = (
            "The right stations come, but in another order. How does sorted() compare strings, and what is the order "
            "here?"
        )
        looked = expect(place, why)
    looked.that(f"stations() gives {stations}", seen.stations == repr(stations), f"stations() gives {seen.stations}")
    expect_high(edition, place, looked, seen)


def expect_high(edition, place, looked, seen):
    """It knows the height at a station of the table."""
    for station, came in zip_longest((FAR, NEAR), seen.high):
        height = edition.heights.get(station)
        if height is not None and came == f"{height:g}" and came != repr(height):
            looked = expect(
                place, "It is the number in the table. Which type is it, and which type do the other heights have?"
            )
        looked.that(f"high({station!r}) gives {height}", came == repr(height), f"high({station!r}) gives {came}")
