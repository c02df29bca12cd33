"""Checks of 14 run_package."""

import os
from dataclasses import dataclass

from grader.checks import check, expect, observation

FARES = {"Bell Rock": 6, "Cape Wrack": 12, "Gull Island": 4, "Long Strand": 9}
NAMES = sorted(FARES)

IMPORT_MAIN = """
import sys
sys.argv[:] = ["/srv/excursions/__main__.py", "list"]
import ferryline.__main__
print("Still here.")
import ferryline
mine = ferryline.Route("Tern Skerry", 7)
ferryline.register(mine)
routes = ferryline.routes()
found = [route.fare for route in routes if route.name == "Tern Skerry"]
see({"found": found, "sequence": isinstance(routes, (list, tuple)), "kind": type(routes).__name__})
"""

# The archive is made first, when no bytecode has been written yet.
ERRANDS = """
import os, shutil
home = os.getcwd()
archive = shutil.make_archive("line", "zip", ".", "ferryline")
os.makedirs("harbour", exist_ok=True)
load = '''
import pickle, sys
with open(sys.argv[1], "rb") as file:
    loaded = pickle.load(file)
import ferryline
for route in sorted(loaded, key=lambda route: route.name):
    print(route.name, route.fare, isinstance(route, ferryline.Route))
'''
dumped = run("python", "-m", "ferryline", "dump", "today.pickle")
loaded = run("python", "-c", load, f"{home}/today.pickle", cwd="harbour", env={"PYTHONPATH": home})
zipped = run("python", "-m", "ferryline", "list", cwd="harbour", env={"PYTHONPATH": archive})
see({"dumped": dumped, "loaded": loaded, "zipped": zipped})
"""


@dataclass
class Registered:
    """What IMPORT_MAIN reports."""

    found: list
    sequence: bool
    kind: str


@dataclass
class Step:
    """What came of one of the errands."""

    status: int
    stdout: str
    stderr: str

    @property
    def lines(self):
        """What it printed."""
        return [line.strip() for line in self.stdout.strip().splitlines()]

    @property
    def said(self):
        """What it did, in words."""
        printed = self.stdout.strip() or "nothing on stdout"
        return f"exit status {self.status}\n{printed}\n{self.stderr.strip()}".strip()


@dataclass
class Errands:
    """What ERRANDS reports."""

    dumped: Step
    loaded: Step
    zipped: Step


@observation
def listed(project):
    return project.python("-m", "ferryline", "list", cwd=project.path)


@observation
def asked(project):
    """The fares of two routes, one from each module; which ones differs between submissions."""
    random = project.side.varied("routes")
    name = random.choice(NAMES)
    return name, project.python("-m", "ferryline", "fare", name, cwd=project.path)


@observation
def asked_in_vain(project):
    return project.python("-m", "ferryline", "fare", "Atlantis", cwd=project.path)


@observation
def strict(project):
    return project.python("-W", "error", "-m", "ferryline", "list", env={"PYTHONPATH": project.path})


@observation
def imported(project):
    return project.probe(IMPORT_MAIN, env={"PYTHONPATH": project.path})


@observation
def extended(project):
    """A copy beside somebody else's module, which registers routes of its own."""
    random = project.side.varied("extra")
    first, second = random.sample(["Auk Stack", "Dunlin Sands", "Eider Sound", "Knot Bank", "Scaup Rock"], k=2)
    module = f"excursions_{random.randrange(100, 1000)}"
    lines = f"""
import ferryline
from ferryline import Route, register
register(Route({first!r}, {random.randrange(20, 40)}))
ferryline.register(ferryline.Route({second!r}, {random.randrange(20, 40)}))
"""

    def add(copy):
        (copy / f"{module}.py").write_text(lines)

    note = f"{module}.py says{lines.replace(chr(10), chr(10) + '#     ').rstrip('# ')}".rstrip()
    copy = project.copy("excursions", inside="line", note=note, change=add)
    path = os.pathsep.join([str(copy / "line"), str(copy.path)])
    seen = copy.python("-m", "ferryline", "list", env={"PYTHONPATH": path, "FERRY_EXTRA": module})
    return sorted([*NAMES, first, second]), seen


@observation
def errands(project):
    return project.workshop(ERRANDS)


@check(points=20, clause=1)
def test_list(listed):
    """`python -m ferryline list` prints all routes."""
    why = "Which modules are loaded here, and under which names? Into whose list do routes go, and whose is printed?"
    expect(listed, why).status(0).stdout("\n".join(NAMES))


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
    looked = expect(imported, why)
    seen = looked.reported(Registered)
    looked.stdout("Still here.")
    looked.that("a list or tuple from ferryline.routes()", seen.sequence, f"a {seen.kind}")
    looked.equal("the fares of Tern Skerry in it", [7], seen.found)


@check(points=15, clause=4)
def test_no_warning(strict):
    """`python -W error -m ferryline list` finds nothing to warn of."""
    why = "-m imports the package, and then runs its __main__. What is loaded by then, and would be there twice?"
    looked = expect(strict, why).status(0)
    looked.that("the four routes", sorted(lines_of(strict)) == NAMES, strict.stdout.strip() or "nothing on stdout")


@check(points=20, clause=6)
def test_dump(errands):
    """What dump writes can be loaded in another process."""
    why = "A pickle holds the name of a class and of its module, not the class. What was dumped, and by which names?"
    looked = expect(errands, why)
    seen = looked.reported(Errands)
    looked.that("that dump ends with status 0", seen.dumped.status == 0, seen.dumped.said)
    wanted = [f"{name} {fare} True" for name, fare in FARES.items()]
    met = seen.loaded.status == 0 and seen.loaded.lines == wanted
    looked.that("\n".join(["that the other process prints", *wanted]), met, seen.loaded.said)


@check(points=15, clause=5)
def test_extra(extended):
    """Routes of somebody else's module are listed with the others."""
    wanted, seen = extended
    why = (
        "Somebody else's routes go to ferryline.register, and the program prints a list. Is it the same list, and when?"
    )
    looked = expect(seen, why).status(0)
    looked.that("\n".join(wanted), sorted(lines_of(seen)) == wanted, seen.stdout.strip() or "nothing on stdout")


@check(points=10, clause=7)
def test_zipped(errands):
    """It runs from a zip archive."""
    why = "Inside an archive there are no folders and no files to open. Who finds the modules, and by what?"
    looked = expect(errands, why)
    zipped = looked.reported(Errands).zipped
    met = zipped.status == 0 and sorted(zipped.lines) == NAMES
    looked.that("\n".join(["that the archive prints", *NAMES]), met, zipped.said)


def lines_of(seen):
    """What was printed, without the space at the ends of lines."""
    return [line.strip() for line in seen.stdout.strip().splitlines()]
