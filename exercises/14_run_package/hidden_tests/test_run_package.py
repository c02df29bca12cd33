"""Checks of 14 run_package."""

from dataclasses import dataclass
from textwrap import indent

from grader.checks import Project, Ran, check, expect, observation

FARES = {"Bell Rock": 6, "Cape Wrack": 12, "Gull Island": 4, "Long Strand": 9}
WRITTEN_IN = {"Bell Rock": "east", "Cape Wrack": "west", "Gull Island": "east", "Long Strand": "west"}
OTHERS = ("Ash Point", "Coal Head", "Drift Cove", "Fern Holm", "Hay Wharf", "Iron Quay", "Moss Landing", "Otter Bay")
"""What the routes of another season may be called."""

IMPORT_MAIN = """
import sys
sys.argv[:] = ["/srv/excursions/__main__.py", "list"]
import ferryline.__main__
print("Still here.")
import ferryline
mine = ferryline.Route(name, fare)
ferryline.register(mine)
routes = ferryline.routes()
found = [route.fare for route in routes if route.name == name]
see({"found": found, "sequence": isinstance(routes, (list, tuple)), "kind": type(routes).__name__})
"""

# Somebody else's routes, and in `PLAIN` a program of theirs which doesn't run ours.
EXCURSIONS = """\
import ferryline
from ferryline import Route, register
register(Route({!r}, {}))
ferryline.routes()
ferryline.register(ferryline.Route({!r}, {}))
"""

PLAIN = "import {}, ferryline; print([route.name for route in ferryline.routes()])"

LOAD = """\
import pickle, sys
with open(sys.argv[1], "rb") as file:
    loaded = pickle.load(file)
import ferryline
for route in sorted(loaded, key=lambda route: route.name):
    print(route.name, route.fare, isinstance(route, ferryline.Route))
"""

DUMP = """
here = os.getcwd()
paths = {"PYTHONPATH": os.pathsep.join([os.path.join(here, "line"), here])}
with open("today.pickle", "w") as file:
    file.write("yesterday's routes, and many of them")
dumped = run("python", "-m", "ferryline", "dump", "today.pickle", env={**paths, "FERRY_EXTRA": sys.argv[1]})
see({"dumped": dumped, "loaded": run("python", "-c", sys.argv[2], "today.pickle", env=paths)})
"""

ARCHIVE = """
import shutil
archive = shutil.make_archive("line", "zip", ".", "ferryline")
see(run("python", "-m", "ferryline", "list", cwd="/", env={"PYTHONPATH": archive}))
"""


@dataclass
class Registered:
    """What IMPORT_MAIN reports."""

    found: list
    sequence: bool
    kind: str


@dataclass
class Dumped:
    """What DUMP reports."""

    dumped: Ran
    loaded: Ran

    def of(self, names):
        """What the other process says of these routes."""
        return [line for line in self.loaded.lines if line.startswith(tuple(names))]


@dataclass
class Season:
    """A copy of the project where the four routes have other names."""

    copy: Project
    fares: dict[str, int]

    @property
    def names(self):
        """The four, sorted."""
        return sorted(self.fares)


@dataclass
class Excursions:
    """Somebody else's routes beside a copy of the project, both on the path."""

    copy: Project
    module: str
    fares: dict[str, int]


@observation
def season(project):
    """Other names for each edit of the submission, which follow one another as those of the stub do."""
    names = dict(zip(FARES, sorted(project.varied("season").sample(OTHERS, 4)), strict=True))

    def rename(top):
        for old, new in names.items():
            path = top / "ferryline" / f"{WRITTEN_IN[old]}.py"
            path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))

    said = [f"ferryline/{WRITTEN_IN[old]}.py says {new} where it said {old}" for old, new in names.items()]
    copy = project.copy("next season", note="\n".join(said), change=rename)
    return Season(copy, {new: FARES[old] for old, new in names.items()})


@observation
def listed(season):
    return season.copy.python("-m", "ferryline", "list", cwd=season.copy.path)


@observation
def asked(season):
    """The fare of a route; which one differs between submissions. The README tells one of the four."""
    untold = [name for name, fare in season.fares.items() if fare != FARES["Bell Rock"]]
    name = season.copy.varied("routes").choice(untold)
    return name, season.copy.python("-m", "ferryline", "fare", name, cwd=season.copy.path)


@observation
def asked_in_vain(season):
    """No route's name, but the beginning of one."""
    name = season.copy.varied("nowhere").choice(season.names).split()[0]
    return season.copy.python("-m", "ferryline", "fare", name, cwd=season.copy.path)


@observation
def strict(season):
    return season.copy.on_path().python("-W", "error", "-m", "ferryline", "list")


@observation
def imported(project):
    """Another program imports the file, and registers a route of its own; another one for each submission."""
    route = project.varied("mine")
    name, fare = route.choice(["Fulmar Head", "Tern Skerry", "Whimbrel Ness"]), route.randrange(13, 20)
    return name, fare, project.on_path().probe(IMPORT_MAIN, given={"name": name, "fare": fare})


@observation
def excursions(season):
    random = season.copy.varied("extra")
    names = random.sample(["Auk Stack", "Dunlin Sands", "Eider Sound", "Knot Bank", "Scaup Rock"], k=2)
    fares = {name: random.randrange(20, 40) for name in names}
    package, module = random.names("pleasure", "excursions")
    lines = EXCURSIONS.format(*(part for route in fares.items() for part in route))
    note = f"{package}/__init__.py is empty, {package}/{module}.py says\n{indent(lines, '    ')}".rstrip()
    files = {f"{package}/__init__.py": "", f"{package}/{module}.py": lines}
    copy = season.copy.copy("excursions", inside="line", note=note, files=files)
    return Excursions(copy.on_path("line", "."), f"{package}.{module}", fares)


@observation
def extended(excursions):
    return excursions.copy.python("-m", "ferryline", "list", env={"FERRY_EXTRA": excursions.module})


@observation
def extra_fare(excursions):
    name = min(excursions.fares)
    seen = excursions.copy.python("-m", "ferryline", "fare", name, env={"FERRY_EXTRA": excursions.module})
    return excursions.fares[name], seen


@observation
def plain(excursions):
    """A program that doesn't run ours, only imports the package and their module."""
    return excursions.copy.python("-c", PLAIN.format(excursions.module))


@observation
def dumped(excursions):
    return excursions.copy.workshop(DUMP, excursions.module, LOAD)


@observation
def zipped(season):
    return season.copy.workshop(ARCHIVE)


def as_listed(lines, names, listed):
    """Whether these routes were printed, in order where the plain list is; that it isn't is test_list's business."""
    return lines == names or (listed.lines != names and sorted(lines) == names)


@check(points=20, clause=1)
def test_list(season, listed, excursions, extended):
    """`python -m ferryline list` prints all routes."""
    why = (
        "Which modules are loaded here, and under which names? Which module's list gets the routes, and which one is "
        "printed?"
    )
    expect(listed, why).status(0).stdout(*season.names)
    why = "After other code has added routes, the list isn't sorted any more. When do you sort, and which list?"
    wanted = sorted([*season.names, *excursions.fares])
    if sorted(extended.lines) == wanted:  # else that is what test_extra is about
        expect(extended, why).stdout(*wanted)


@check(points=10, clause=2)
def test_fare(season, asked, asked_in_vain):
    """It prints the fare of a route; for an unknown route it prints a message and ends with status 3."""
    name, seen = asked
    why = (
        "One route is known and one isn't. Which line finds that out, which prints the message, and which sets the "
        "status?"
    )
    expect(seen, why).status(0).stdout(str(season.fares[name]))
    expect(asked_in_vain, why).status(3).complains()


@check(points=10, clause=3)
def test_quiet_import(imported):
    """Importing `ferryline.__main__` starts nothing, and registering works as before."""
    why = "Another program imported the file. Which of its lines ran at once, and which list does register fill there?"
    name, fare, program = imported
    looked = expect(program, why)
    seen = looked.reported(Registered)
    looked.stdout("Still here.")
    looked.that("a list or tuple from ferryline.routes()", seen.sequence, f"a {seen.kind}")
    looked.equal(f"the fares of {name} in it", [fare], seen.found)


@check(points=15, clause=4)
def test_no_warning(season, strict, listed):
    """`python -W error -m ferryline list` finds nothing to warn of."""
    why = (
        "-m imports the package, and then runs its __main__. Which module is loaded by then, and would be there twice?"
    )
    looked = expect(strict, why).status(0)
    met = as_listed(strict.lines, season.names, listed)
    looked.that("\n".join(season.names), met, strict.printed)


@check(points=20, clause=6)
def test_dump(season, dumped):
    """Another process can load the file that dump writes."""
    why = "A pickle holds the name of a class and of its module, not the class. Which names are in your pickle?"
    looked = expect(dumped, why)
    seen = looked.reported(Dumped)
    looked.ended("dump", seen.dumped)
    wanted = [f"{name} {fare} True" for name, fare in sorted(season.fares.items())]
    met = seen.loaded.status == 0 and seen.of(season.names) == wanted
    looked.that("\n".join(["the other process prints", *wanted]), met, seen.loaded)


@check(points=15, clause=5)
def test_extra(season, excursions, extended, plain, extra_fare, dumped):
    """Any program can register routes, and those of FERRY_EXTRA are listed and dumped with the others."""
    why = (
        "Another module registers routes with ferryline.register, and the program prints a list. Is it the same "
        "list, and was it complete then?"
    )
    wanted = sorted([*season.names, *excursions.fares])
    looked = expect(extended, why).status(0)
    looked.that("\n".join(wanted), sorted(extended.lines) == wanted, extended.printed)
    why = "This program has only imported ferryline. Which of your files have run by then?"
    expect(plain, why).status(0)
    if any(repr(name) not in plain.stdout for name in excursions.fares):
        why = "A program asks for the routes, registers one more, and asks again. When does routes() look at the list?"
        wanted = "\n".join(["among the routes", *excursions.fares])
        expect(plain, why).that(wanted, False, plain.printed)
    why = "The same variable, another command. Which line imports the module that it names, and for which commands?"
    fare, asked = extra_fare
    expect(asked, why).status(0).stdout(str(fare))
    looked = expect(dumped, why)
    seen = looked.reported(Dumped)
    lines = [f"{name} {fare} True" for name, fare in excursions.fares.items()]
    # Where the four can't be loaded, that is what test_dump is about.
    met = not seen.of(season.names) or set(lines) <= set(seen.loaded.lines)
    looked.that("\n".join(["among what was dumped", *lines]), met, seen.loaded)


@check(points=10, clause=7)
def test_zipped(season, zipped, listed):
    """It runs from a zip archive."""
    why = "Inside an archive there are no folders and no files to open. How does your code find the modules there?"
    looked = expect(zipped, why)
    listing = looked.reported(Ran)
    met = listing.status == 0 and as_listed(listing.lines, season.names, listed)
    looked.that("\n".join(["the archive prints", *season.names]), met, listing)
