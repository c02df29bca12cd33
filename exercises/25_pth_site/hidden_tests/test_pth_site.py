"""Checks of 25 pth_site."""

import os
from dataclasses import dataclass

from grader.checks import check, expect, observation

LABORATORY = """
import shutil
from pathlib import Path
program, lab = Path("install_path.py").resolve(), Path("lab").resolve()
def virtualenv(name):
    run("python", "-m", "venv", "--without-pip", lab / name)
    return lab / name / "bin/python"
def inside(folder):
    files = [path for path in sorted(folder.iterdir()) if path.name != "__pycache__"]
    return {path.name: path.read_text(errors="replace") if path.is_file() else "a folder" for path in files}
mine = virtualenv("mine")
site = next(lab.glob("mine/lib/*/site-packages"))
"""

LIFE = f"""
{LABORATORY.strip()}
other, shelf = virtualenv("other"), lab / "shelf"
shelf.mkdir()
(shelf / "TIDES.py").write_text("HEIGHT = HIGH")
for hidden in (shelf / "calendar.py", shelf / "dock.py"):
    hidden.write_text("raise ImportError(__file__)")
(site / "dock.py").touch()
(site / "others.pth").write_text("/srv/others")
look = "import sys, TIDES, LATER; print(TIDES.HEIGHT, LATER.HEIGHT, *sys.path, sep=chr(10))"
search = "from importlib.util import find_spec as find; import sys; print(find(sys.argv[1]))"
seen = {{"shelf": str(shelf), "site": str(site), "before": inside(site)}}
seen["install"] = run(mine, program, shelf)
seen["after"] = inside(site)
(shelf / "LATER.py").write_text("HEIGHT = LOW")
seen["tides"] = run(mine, "-c", look, cwd="/")
seen["isolated"] = run(mine, "-I", "-c", look, cwd="/")
seen["not_hidden"] = run(mine, "-c", "import calendar, dock; " + look, cwd="/")
seen["without_site"] = run(mine, "-S", "-c", search, "TIDES", cwd="/")
seen["elsewhere"] = run(other, "-c", search, "TIDES", cwd="/")
seen["install_again"] = run(mine, program, shelf)
seen["after_again"] = inside(site)
shutil.rmtree(shelf)
seen["remove"] = run(mine, program, "--remove", shelf)
seen["at_the_end"] = inside(site)
see(seen)
"""

SPACES = f"""
{LABORATORY.strip()}
(lab / "tide shelf").mkdir()
(lab / "tide shelf/TIDES.py").write_text("HEIGHT = HIGH")
(lab / "no folder").write_text("but a file")
seen = {{"before": inside(site)}}
seen["install"] = run(mine, program, "tide shelf", cwd=lab)
seen["after"] = inside(site)
seen["tides"] = run(mine, "-c", "import TIDES; print(TIDES.HEIGHT)", cwd="/")
seen["missing"] = run(mine, program, "no such shelf", cwd=lab)
seen["file"] = run(mine, program, "no folder", cwd=lab)
seen["at_the_end"] = inside(site)
see(seen)
"""


@dataclass
class Run:
    """What `run` gives."""

    status: int
    stdout: str
    stderr: str


@dataclass
class Life:
    """What LIFE reports."""

    shelf: str
    site: str
    before: dict[str, str]
    install: Run
    after: dict[str, str]
    tides: Run
    isolated: Run
    not_hidden: Run
    without_site: Run
    elsewhere: Run
    install_again: Run
    after_again: dict[str, str]
    remove: Run
    at_the_end: dict[str, str]

    @property
    def wrote(self):
        """What installing left in site-packages that had not been there, or not so."""
        return {name: text for name, text in self.after.items() if self.before.get(name) != text}


@dataclass
class Spaces:
    """What SPACES reports."""

    before: dict[str, str]
    install: Run
    after: dict[str, str]
    tides: Run
    missing: Run
    file: Run
    at_the_end: dict[str, str]


@observation
def heights(project):
    """Two heights that the modules on the shelf hold, and the names of these modules."""
    varied = project.side.varied("heights")
    return varied.sample(range(100, 1000), 2), [f"{name}_{varied.randrange(100, 1000)}" for name in ("tides", "surges")]


@observation
def life(project, heights):
    """Installed, used, installed again, and removed."""
    return project.workshop(filled(LIFE, heights))


@observation
def spaces(project, heights):
    """A relative folder with a space in its name, then two that are none."""
    return project.workshop(filled(SPACES, heights))


def filled(body, heights):
    """The lines with this submission's names and numbers."""
    (high, low), (tides, later) = heights
    for word, value in (("TIDES", tides), ("LATER", later), ("HIGH", high), ("LOW", low)):
        body = body.replace(word, str(value))
    return body


@check(points=20, clause=1)
def test_imported(life, heights):
    """In the virtualenv the folder's modules can be imported from anywhere, also with -I."""
    why = "Each program here is to find the shelf, with whatever is on it. What does a Python read when it starts?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_install(looked, seen.install)
    for name, run in (("tides", seen.tides), ("isolated", seen.isolated)):
        wanted = [str(height) for height in heights[0]]
        looked.that(f"seen[{name!r}] begins with {wanted}", run.stdout.splitlines()[:2] == wanted, told(run))


@check(points=10, clause=2)
def test_only_this_environment(life, heights):
    """Other virtualenvs don't see the folder, and neither does this one with -S."""
    why = "The shelf is for one virtualenv, not for its neighbours. Where did you write, and who else reads that?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_imported(looked, seen.tides, heights)
    for name, run in (("elsewhere", seen.elsewhere), ("without_site", seen.without_site)):
        looked.that(f"None as seen[{name!r}]", run.stdout.strip() == "None", told(run))


@check(points=15, clause=3)
def test_at_the_end(life, heights):
    """The folder is on the path once, after the standard library and site-packages."""
    why = (
        "The shelf holds a calendar and a dock, and so do others. Who is asked first, and where does your entry stand?"
    )
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_imported(looked, seen.not_hidden, heights)
    path = [os.path.normpath(entry) for entry in seen.not_hidden.stdout.splitlines()[2:] if entry]
    shown = "\n".join(path)
    looked.that(f"{seen.shelf} once on sys.path", path.count(seen.shelf) == 1, shown)
    others = path.index(seen.site) if seen.site in path else len(path)
    looked.that(f"{seen.shelf} after {seen.site}", path.index(seen.shelf) > others, shown)


@check(points=10, clause=4)
def test_second_time(life):
    """Running it again changes nothing."""
    why = "It was run twice with the same folder. What does it do when its work has been done already?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_installed_something(looked, seen.install, seen.before, seen.after)
    looked.that("exit status 0 the second time", seen.install_again.status == 0, told(seen.install_again))
    looked.equal("site-packages", seen.after, seen.after_again)


@check(points=15, clause=5)
def test_spaces_and_relative(spaces, heights):
    """The folder may be relative, and have spaces in its name."""
    why = "The folder was named from where somebody stood. To which place does what you wrote lead, and from where?"
    looked = expect(spaces, why)
    seen = looked.reported(Spaces)
    expect_install(looked, seen.install)
    height = str(heights[0][0])
    looked.that(f"{height} as the height of the tide", seen.tides.stdout.strip() == height, told(seen.tides))


@check(points=10, clause=6)
def test_missing_folder(spaces):
    """What is no folder ends it with status 2, and nothing is changed."""
    why = "There is no such folder, and Python skips dead entries without a word. Who finds out, and before what?"
    looked = expect(spaces, why)
    seen = looked.reported(Spaces)
    expect_installed_something(looked, seen.install, seen.before, seen.after)
    for name, run in (("missing", seen.missing), ("file", seen.file)):
        looked.that(f"exit status 2 for seen[{name!r}]", run.status == 2, told(run))
    looked.equal("site-packages", seen.after, seen.at_the_end)


@check(points=10, clause=7)
def test_removed(life):
    """With --remove all is as it was, even if the folder is gone."""
    why = "The folder is gone, and its entry should go, too. What was there before, and whose is it?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_installed_something(looked, seen.install, seen.before, seen.after)
    looked.that("exit status 0 of --remove", seen.remove.status == 0, told(seen.remove))
    looked.equal("site-packages", seen.before, seen.at_the_end)


@check(points=10, clause=8)
def test_lines_are_paths(life):
    """What is installed is one .pth file that holds paths, and no code."""
    why = "Every program that starts here reads what you wrote. Which lines does it have to run, and who sees the file?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_install(looked, seen.install)
    gone = sorted(seen.before.keys() - seen.after.keys())
    came = f"new or changed: {sorted(seen.wrote)}, gone: {gone}"
    looked.that("one new file in site-packages, and the others as before", len(seen.wrote) == 1 and not gone, came)
    ((name, text),) = seen.wrote.items()
    plain = name.endswith(".pth") and not name.startswith(".") and name not in seen.before
    looked.that("a new file that ends with .pth and is not hidden", plain, name)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    strays = [line for line in lines if not os.path.isabs(line)]
    looked.that("absolute paths as its lines", lines and not strays, "\n".join(strays) or "no line at all")


def expect_install(looked, run):
    """Installing ended well."""
    looked.that("exit status 0 of the installation", run.status == 0, told(run))


def expect_imported(looked, run, heights):
    """The shelf can be used: whatever can't be doesn't stand in anybody's way."""
    wanted = [str(height) for height in heights[0]]
    looked.that(f"{wanted} from the modules on the shelf", run.stdout.splitlines()[:2] == wanted, told(run))


def expect_installed_something(looked, run, before, after):
    """Installing ended well, and left something in site-packages."""
    expect_install(looked, run)
    looked.that("something new in site-packages", before != after, f"as before: {before}")


def told(run):
    """How a program ended and what it said."""
    said = "\n".join(filter(None, (run.stdout.strip(), run.stderr.strip())))
    return f"exit status {run.status}" + (f"\n{said}" if said else "")
