"""Checks of 14 run_package."""

from dataclasses import dataclass
from textwrap import indent

from grader.checks import Project, Ran, check, expect, observation

FARES = {"Bell Rock": 6, "Cape Wrack": 12, "Gull Island": 4, "Long Strand": 9}
NAMES = sorted(FARES)

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

    @property
    def ours(self):
        """What the other process says of our four routes."""
        return [line for line in self.loaded.lines if line.startswith(tuple(FARES))]


@dataclass
class Excursions:
    """Somebody else's routes beside a copy of the project, both on the path."""

    copy: Project
    module: str
    fares: dict[str, int]


@observation
def listed(project):
    return project.python("-m", "ferryline", "list", cwd=project.path)


@observation
def asked(project):
    """The fares of two routes, one from each module; which ones differs between submissions."""
    random = project.varied("routes")
    name = random.choice(NAMES)
    return name, project.python("-m", "ferryline", "fare", name, cwd=project.path)


@observation
def asked_in_vain(project):
    """No route's name, but the beginning of one."""
    name = project.varied("nowhere").choice(NAMES).split()[0]
    return project.python("-m", "ferryline", "fare", name, cwd=project.path)


@observation
def strict(project):
    return project.on_path().python("-W", "error", "-m", "ferryline", "list")


@observation
def imported(project):
    """Another program imports the file, and registers a route of its own; another one for each submission."""
    route = project.varied("mine")
    name, fare = route.choice(["Fulmar Head", "Tern Skerry", "Whimbrel Ness"]), route.randrange(13, 20)
    return name, fare, project.on_path().probe(IMPORT_MAIN, given={"name": name, "fare": fare})


@observation
def excursions(project):
    random = project.varied("extra")
    names = random.sample(["Auk Stack", "Dunlin Sands", "Eider Sound", "Knot Bank", "Scaup Rock"], k=2)
    fares = {name: random.randrange(20, 40) for name in names}
    module = random.name("excursions")
    lines = EXCURSIONS.format(*(part for route in fares.items() for part in route))
    note = f"{module}.py says\n{indent(lines, '    ')}".rstrip()
    copy = project.copy("excursions", inside="line", note=note, files={f"{module}.py": lines})
    return Excursions(copy.on_path("line", "."), module, fares)


@observation
def extended(excursions):
    return excursions.copy.python("-m", "ferryline", "list", env={"FERRY_EXTRA": excursions.module})


@observation
def plain(excursions):
    """A program that doesn't run ours, only imports the package and their module."""
    return excursions.copy.python("-c", PLAIN.format(excursions.module))


@observation
def dumped(excursions):
    return excursions.copy.workshop(DUMP, excursions.module, LOAD)


@observation
def zipped(project):
    return project.workshop(ARCHIVE)


@check(points=20, clause=1)
def test_list(listed):
    """`python -m ferryline list` prints all routes."""
    why = "Which modules are loaded here, and under which names? Into whose list do routes go, and whose is printed?"
    expect(listed, why).status(0).stdout(*NAMES)


@check(points=10, clause=2)
def test_fare(asked, asked_in_vain):
    """It tells the fare of a route; for an unknown one it complains and ends with status 3."""
    name, seen = asked
    why = "A known route and an unknown one. Who finds out which it is, and who tells people, and the shell?"
    expect(seen, why).status(0).stdout(str(FARES[name]))
    expect(asked_in_vain, why).status(3).complains()


@check(points=10, clause=3)
def test_quiet_import(imported):
    """Importing `ferryline.__main__` starts nothing, and registering works as before."""
    why = "Another program imported the file. Which of its lines ran at once, and whose list does register fill there?"
    name, fare, program = imported
    looked = expect(program, why)
    seen = looked.reported(Registered)
    looked.stdout("Still here.")
    looked.that("a list or tuple from ferryline.routes()", seen.sequence, f"a {seen.kind}")
    looked.equal(f"the fares of {name} in it", [fare], seen.found)


@check(points=15, clause=4)
def test_no_warning(strict):
    """`python -W error -m ferryline list` finds nothing to warn of."""
    why = "-m imports the package, and then runs its __main__. What is loaded by then, and would be there twice?"
    looked = expect(strict, why).status(0)
    looked.that("the four routes", sorted(strict.lines) == NAMES, strict.printed)


@check(points=20, clause=6)
def test_dump(dumped):
    """What dump writes can be loaded in another process."""
    why = "A pickle holds the name of a class and of its module, not the class. What was dumped, and by which names?"
    looked = expect(dumped, why)
    seen = looked.reported(Dumped)
    looked.ended("dump", seen.dumped)
    wanted = [f"{name} {fare} True" for name, fare in FARES.items()]
    met = seen.loaded.status == 0 and seen.ours == wanted
    looked.that("\n".join(["that the other process prints", *wanted]), met, seen.loaded)


@check(points=15, clause=5)
def test_extra(excursions, extended, plain, dumped):
    """Everybody can register routes, and those of FERRY_EXTRA are listed and dumped with the others."""
    why = (
        "Somebody else's routes go to ferryline.register, and the program prints a list. Is it the same list, and when?"
    )
    wanted = sorted([*NAMES, *excursions.fares])
    looked = expect(extended, why).status(0)
    looked.that("\n".join(wanted), sorted(extended.lines) == wanted, extended.printed)
    why = "This program has imported ferryline, and run nothing of it. Which of your files has been run by then?"
    expect(plain, why).status(0)
    if any(repr(name) not in plain.stdout for name in excursions.fares):
        why = "Somebody asks for the routes, registers one more, and asks again. When does routes() look at the list?"
        wanted = "\n".join(["among the routes", *excursions.fares])
        expect(plain, why).that(wanted, False, plain.printed)
    why = "The same variable, another command. Who imports the module that it names, and for which commands?"
    looked = expect(dumped, why)
    seen = looked.reported(Dumped)
    lines = [f"{name} {fare} True" for name, fare in excursions.fares.items()]
    # Where the four can't be loaded, that is what test_dump is about.
    met = not seen.ours or set(lines) <= set(seen.loaded.lines)
    looked.that("\n".join(["among what was dumped", *lines]), met, seen.loaded)


@check(points=10, clause=7)
def test_zipped(zipped):
    """It runs from a zip archive."""
    why = "Inside an archive there are no folders and no files to open. Who finds the modules, and by what?"
    looked = expect(zipped, why)
    listing = looked.reported(Ran)
    met = listing.status == 0 and sorted(listing.lines) == NAMES
    looked.that("\n".join(["that the archive prints", *NAMES]), met, listing)
