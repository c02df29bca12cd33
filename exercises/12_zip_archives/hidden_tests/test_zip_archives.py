"""Checks of 12 zip_archives."""

import json
import os
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

NAMES = ("Alma", "Bertil", "Cecilia", "Doris", "Elof", "Frida", "Göran", "Hedvig", "Åke", "Östen")

ARCHIVE = """
import os, shutil, sys, zipfile
radio, boat = sys.argv[1:]
lines = "import json, lifeboat as l; print('file', json.dumps(l.__file__)); print('crew', json.dumps(l.crew()))"
def load(archive):
    return run("python", "-c", lines, cwd=boat, env={"PYTHONPATH": os.path.abspath(archive)})
os.mkdir(radio)
os.mkdir(boat)
run("python", "-c", "import lifeboat")
out, kit = os.path.join(radio, "evening"), os.path.join(boat, "kit.egg")
seen = {"here": os.getcwd(), "built": run("python", "build.py", out)}
there = os.path.isfile(out)
seen["first"] = open(out, "rb").readline(100).decode("latin-1") if there else ""
seen["names"] = zipfile.ZipFile(out).namelist() if there and zipfile.is_zipfile(out) else []
seen["ran"], seen["loaded"] = run("python", out), load(out)
if there:
    os.rename(out, kit)
for name in os.listdir():
    if name != boat:
        shutil.rmtree(name) if os.path.isdir(name) else os.remove(name)
seen["ran_alone"], seen["loaded_alone"] = run("python", "kit.egg", cwd=boat), load(kit)
see(seen)
"""

SOURCE = """
import lifeboat
see([lifeboat.crew(), lifeboat.main()])
"""


@dataclass
class Ran:
    """What `run` gives."""

    status: int
    stdout: str
    stderr: str

    def __str__(self):
        """In a few words, for messages."""
        printed = self.stdout.strip() or "nothing on stdout"
        return f"exit status {self.status}, {printed}" + (f"\n{self.stderr.strip()}" if self.stderr.strip() else "")

    def said(self, what) -> Any:
        """What is on the last line that begins with a word; None if there is none."""
        lines = [line for line in self.stdout.splitlines() if line.startswith(f"{what} ")]
        try:
            return json.loads(lines[-1].partition(" ")[2])
        except (IndexError, ValueError, RecursionError):
            return None


@dataclass
class Archive:
    """What ARCHIVE reports."""

    here: str
    built: Ran
    first: str
    names: list[str]
    ran: Ran
    loaded: Ran
    ran_alone: Ran
    loaded_alone: Ran


@observation
def boat(project):
    """A copy of the project with another crew, which is given as well."""
    numbers = project.side.varied("crew")
    crew = numbers.sample(NAMES, numbers.randrange(3, 9))
    text = json.dumps(crew, ensure_ascii=False)

    def call_others(copy):
        (copy / "lifeboat" / "data" / "crew.json").write_text(text, encoding="utf-8")

    return crew, project.copy("shore station", note=f"lifeboat/data/crew.json is {text}", change=call_others)


@observation
def folders(project):
    """Two folders that are in nobody's way."""
    number = project.side.varied("folders").randrange(100, 1000)
    return f"radio room {number}", f"boat {number}"


@observation
def archive(boat, folders):
    """What comes of building, at home and when all but the archive is gone."""
    return boat[1].workshop(ARCHIVE, *folders)


@observation
def source(boat):
    """The source tree itself."""
    copy = boat[1]
    return copy.probe(SOURCE, env={"PYTHONPATH": copy.path})


def muster(crew):
    """What the program prints."""
    return f"muster: {', '.join(crew)}"


def expect_muster(looked, crew, ran):
    """It printed the muster; with which status it ended is another check's business."""
    wanted = muster(crew)
    printed = [line.strip() for line in ran.stdout.strip().splitlines()]
    looked.that(f"that it prints {wanted}", printed == [wanted], ran)


@check(points=15, clause=1)
def test_runs(boat, archive):
    """The archive can be built, and run."""
    why = "The file is to be a program all by itself. What does Python look for in it, and what does that need?"
    looked = expect(archive, why)
    seen = looked.reported(Archive)
    looked.that("that build.py ends with status 0", seen.built.status == 0, seen.built)
    expect_muster(looked, boat[0], seen.ran)


@check(points=15, clause=2)
def test_status(boat, archive):
    """It ends with the status that main returns."""
    why = "Inside the archive, when main comes to its end, it returns a number. Who takes that, and hands it to whom?"
    looked = expect(archive, why)
    seen = looked.reported(Archive)
    count = len(boat[0])
    looked.that(f"that python evening ends with status {count}", seen.ran.status == count, seen.ran)


@check(points=10, clause=1)
def test_runs_alone(boat, archive):
    """It runs under another name where nothing else is left."""
    looked = expect(archive, "The file lies in another place, all else is gone. What did it still look for, and where?")
    expect_muster(looked, boat[0], looked.reported(Archive).ran_alone)


@check(points=20, clause=3)
def test_crew_inside(boat, archive):
    """As a library it finds the crew in the archive."""
    why = "The crew is to be read from the archive. What is `__file__` in there, and who can read what lies beside it?"
    looked = expect(archive, why)
    seen = looked.reported(Archive).loaded_alone
    crew = boat[0]
    looked.that(f"that crew() returns {json.dumps(crew, ensure_ascii=False)}", seen.said("crew") == crew, seen)


@check(points=10, clause=3)
def test_loaded_from_the_archive(folders, archive):
    """As a library it is loaded from within the archive."""
    looked = expect(archive, "An archive on sys.path is a place like a folder. What does Python look for at its root?")
    seen = looked.reported(Archive)
    for name, ran in ((os.path.join(folders[0], "evening"), seen.loaded), (f"{folders[1]}/kit.egg", seen.loaded_alone)):
        file, inside = ran.said("file"), os.path.join(seen.here, name) + os.sep
        right = isinstance(file, str) and file.startswith(inside)
        looked.that(f"that lifeboat comes from within {name}", right, file or ran)


@check(points=10, clause=4)
def test_contents(archive):
    """It holds the package, and neither tests nor build.py nor bytecode."""
    looked = expect(archive, "It goes by slow radio. Who chose what is in it: you, or whatever happened to be there?")
    names = sorted(looked.reported(Archive).names)
    has_package = any(name.endswith("lifeboat/__init__.py") for name in names)
    looked.that("an archive with lifeboat/__init__.py", has_package, ", ".join(names) or "no archive, or an empty one")
    extra = [name for name in names if superfluous(name)]
    looked.that("no tests, no build.py, no bytecode", not extra, ", ".join(extra))


@check(points=10, clause=5)
def test_first_line(archive):
    """Its first line tells a shell to run it with python3."""
    looked = expect(archive, "A shell reads the first line, Python the archive from its end. What is in your first?")
    seen = looked.reported(Archive)
    looked.that("an archive with something in it", bool(seen.names), f"no archive, or an empty one\n{seen.built}")
    shebang = seen.first.startswith("#!")
    # Soon after its beginning an archive has dates in it, which differ from one report to the next.
    came = f"the first line is {seen.first!r}" if shebang else f"the first bytes are {seen.first[:4]!r}"
    looked.that("a first line that begins with #! and names python3", shebang and "python3" in seen.first, came)


@check(points=10, clause=6)
def test_source_tree(boat, source):
    """The source tree works as before."""
    looked = expect(source, "Here is a folder, and no archive. Whom does your code ask for the data, and who is that?")
    crew = boat[0]
    looked.equal("[crew(), main()]", [crew, len(crew)], looked.reported())
    looked.stdout(muster(crew))


def superfluous(name):
    """Whether a file has no business in the boat."""
    *folders, last = name.split("/")
    return last in ("build.py", "test_roll.py") or last.endswith(".pyc") or "tests" in folders
