"""Checks of 25 pth_site."""

import os
from dataclasses import dataclass

from grader.checks import Ran, check, expect, filled, observation

OTHERS = "tide shelf.pth"
"""Somebody else's, who has named it after a shelf of the same name."""

LABORATORY = f"""
import venv
from pathlib import Path
program, shelf = Path("program/install_path.py").resolve(), Path(sys.argv[1])
def virtualenv(name):
    venv.create(name, symlinks=True)
    return Path(name, "bin/python").absolute()
def files():
    found = [p for p in (*Path("mine").rglob("*"), *shelf.rglob("*")) if p.is_file() and p.suffix != ".pyc"]
    text = {{str(p): p.read_text(errors="replace") for p in found if p.suffix == ".pth"}}
    return {{str(p): f"{{p.stat().st_size}} bytes" for p in found}} | text
mine = virtualenv("mine")
site = next(Path.cwd().glob("mine/lib/*/site-packages"))
others = site / "{OTHERS}"
others.write_text("/srv/others\\n")
"""

USE = f"""
{LABORATORY.strip()}
other, search = virtualenv("other"), "import importlib.util, sys; print(importlib.util.find_spec(sys.argv[1]))"
look = "import TIDES, LATER; print(TIDES.HEIGHT, LATER.HEIGHT)"
(site / "dock.py").touch()
seen = {{"site": str(site), "shelf": str(shelf.absolute()), "before": files()}}
seen["install"] = run(mine, program, shelf.absolute())
seen["after"], seen["modes"] = files(), {{path.name: path.stat().st_mode & 0o444 for path in site.iterdir()}}
(shelf / "LATER.py").write_text("HEIGHT = LOW")
seen["look"] = run(mine, "-c", look, cwd="/")
seen["isolated"] = run(mine, "-I", "-c", look, cwd="/")
look = f"import calendar, dock, sys; {{look}}; print(*sys.path, sep=chr(10))"
seen["not_hidden"] = run(mine, "-c", look, cwd="/")
seen["without_site"] = run(mine, "-S", "-c", search, "TIDES", cwd="/")
seen["elsewhere"] = run(other, "-c", search, "TIDES", cwd="/")
# The other virtualenv is active.
seen["install_own"] = run(other, program, program.parent, env={{"VIRTUAL_ENV": str(Path("mine").absolute())}})
seen["own"] = run(other, "-c", search, "install_path", cwd="/")
see(seen)
"""

LIFE = f"""
{LABORATORY.strip()}
import shutil
seen = {{"before": files()}}
seen["install"] = run(mine, program, shelf)
(shelf / "LATER.py").touch()
seen["after"] = files()
seen["look"] = run(mine, "-c", "import TIDES; print(TIDES.HEIGHT)", cwd="/")
seen["install_again"] = run(mine, program, f"./{{shelf}}/")
seen["after_again"] = files()
seen["missing"] = run(mine, program, "no such shelf")
seen["file"] = run(mine, program, "no folder")
seen["after_missing"] = files()
seen["theirs"] = f"/srv/others\\n{{shelf.absolute()}}\\n"
others.write_text(seen["theirs"])
shutil.rmtree(shelf)
seen["remove"] = run(mine, program, "--remove", f"./{{shelf}}/")
seen["at_the_end"] = files()
see(seen)
"""


Files = dict[str, str]
"""What is in a virtualenv and in DIR: the text of `.pth` files, the size of others."""


@dataclass
class Use:
    """What USE reports."""

    site: str
    shelf: str
    before: Files
    install: Ran
    after: Files
    modes: dict[str, int]
    look: Ran
    isolated: Ran
    not_hidden: Ran
    without_site: Ran
    elsewhere: Ran
    install_own: Ran
    own: Ran


@dataclass
class Life:
    """What LIFE reports."""

    before: Files
    install: Ran
    after: Files
    look: Ran
    install_again: Ran
    after_again: Files
    missing: Ran
    file: Ran
    after_missing: Files
    theirs: str
    remove: Ran
    at_the_end: Files


@observation
def heights(project):
    """Two heights that the modules on the shelf hold, and the names of these modules."""
    varied = project.varied("heights")
    return varied.sample(range(100, 1000), 2), varied.names("tides", "surges")


@observation
def use(project, heights):
    """Installed and used."""
    (_, low), (tides, later) = heights
    body = filled(USE, TIDES=tides, LATER=later, LOW=low)
    return laboratory(project, "shelf", heights).workshop(body, "shelf")


@observation
def life(project, heights):
    """Installed from where it lies, with a space in its name; installed again, two that are none, and removed."""
    tides, later = heights[1]
    body = filled(LIFE, TIDES=tides, LATER=later)
    return laboratory(project, "tide shelf", heights).workshop(body, "tide shelf")


def laboratory(project, shelf, heights):
    """A folder with the learner's program in a folder of its own, and a shelf beside it."""
    (high, _), (tides, _) = heights
    hidden = [f"{shelf}/{name}.py" for name in ("calendar", "dock")]
    files = {f"{shelf}/{tides}.py": f"HEIGHT = {high}\n", "no folder": "but a file\n"}
    files |= dict.fromkeys(hidden, "raise ImportError(__file__)\n")
    modules = f"{tides}.py with HEIGHT = {high}, and calendar.py and dock.py, which raise ImportError"
    note = f"the folder {shelf!r} has {modules}; 'no folder' is a file"
    return project.copy("laboratory", inside="program", note=note, files=files)


@check(points=20, clause=1)
def test_imported(use, heights):
    """In the virtualenv the folder's modules can be imported from anywhere, also with -I."""
    why = "Each program here must find the shelf and everything on it. Which files does Python read when it starts?"
    looked = expect(use, why)
    seen = looked.reported(Use)
    expect_install(looked, seen.install)
    expect_imported(looked, seen.look, heights)
    expect_imported(looked, seen.isolated, heights, "a program that runs with -I")
    why = (
        "Here another virtualenv is active, and DIR is the folder of install_path.py. Which virtualenv did your "
        "program install into, and how did it find that out?"
    )
    looked = expect(use, why)
    expect_install(looked, seen.install_own)
    found = seen.own.stdout.strip() not in ("", "None")
    looked.that("a program in the other virtualenv finds install_path", found, seen.own)


@check(points=10, clause=2)
def test_only_this_environment(use, heights):
    """Other virtualenvs don't see the folder, and neither does this one with -S."""
    why = "The shelf is for one virtualenv only. In which folder did you write, and which other Pythons read it?"
    looked = expect(use, why)
    seen = looked.reported(Use)
    expect_imported(looked, seen.look, heights)
    for who, run in (("another virtualenv", seen.elsewhere), ("this virtualenv with -S", seen.without_site)):
        looked.that(f"{who} doesn't find {heights[1][0]}", run.stdout.strip() == "None", run)


@check(points=15, clause=3)
def test_at_the_end(use, heights):
    """The folder is on the path once, after the standard library and site-packages."""
    why = (
        "The shelf holds a calendar and a dock, and so do other folders. Which folder does Python search first, and "
        "where is your entry?"
    )
    looked = expect(use, why)
    seen = looked.reported(Use)
    expect_imported(looked, seen.not_hidden, heights, "a program that imports calendar and dock first")
    path = [os.path.normpath(entry) for entry in seen.not_hidden.stdout.splitlines()[1:] if entry]
    shown = "\n".join(path)
    looked.that(f"{seen.shelf} once on sys.path", path.count(seen.shelf) == 1, shown)
    others = path.index(seen.site) if seen.site in path else len(path)
    looked.that(f"{seen.shelf} after {seen.site}", path.index(seen.shelf) > others, shown)


@check(points=10, clause=4)
def test_second_time(life):
    """Running it again changes nothing."""
    why = "It was run twice with the same folder. What does it do if DIR is installed already?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_installed_something(looked, seen)
    expect_status(looked, seen.install_again, 0, "the second installation")
    expect_same(looked, seen.after, seen.after_again, "the second installation")


@check(points=15, clause=5)
def test_spaces_and_relative(life, heights):
    """The folder may be relative, and have spaces in its name."""
    why = (
        "The folder was given as a relative path. To which folder does the path that you wrote lead, from another "
        "working directory?"
    )
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_install(looked, seen.install)
    height = str(heights[0][0])
    wanted = f"a program in the virtualenv finds {heights[1][0]} and prints {height}"
    looked.that(wanted, seen.look.stdout.strip() == height, seen.look)


@check(points=10, clause=6)
def test_missing_folder(life):
    """If DIR isn't a folder, it ends with status 2 and changes nothing."""
    why = (
        "There is no such folder, and Python skips such entries without a message. Which of your lines tests that, "
        "and before which step?"
    )
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_installed_something(looked, seen)
    expect_same(looked, seen.after_again, seen.after_missing, "the two attempts with what is no folder")
    expect_status(looked, seen.missing, 2, "a DIR that is not there")
    expect_status(looked, seen.file, 2, "a DIR that is a file")


@check(points=10, clause=7)
def test_removed(life):
    """With --remove everything is as before, even if the folder is gone."""
    why = "The folder is gone, and its entry must go, too. Which files were there before, and which one is yours?"
    looked = expect(life, why)
    seen = looked.reported(Life)
    expect_installed_something(looked, seen)
    expect_status(looked, seen.remove, 0, "--remove")
    wanted = {name: text for name, text in seen.before.items() if name.startswith("mine/")}
    wanted |= {name: seen.theirs for name in wanted if name.endswith(f"/{OTHERS}")}
    expect_same(looked, wanted, seen.at_the_end, "the installation and --remove")


@check(points=10, clause=8)
def test_lines_are_paths(use):
    """It installs one .pth file that holds paths, and no code."""
    why = (
        "Every program that starts here reads your file. Which lines does Python run as code, and who can read the "
        "file?"
    )
    looked = expect(use, why)
    seen = looked.reported(Use)
    expect_install(looked, seen.install)
    wrote = changed(seen.before, seen.after)
    came = ", ".join(wrote) or "nothing"
    looked.that("one new file in the virtualenv, and all others as before, those of DIR too", len(wrote) == 1, came)
    (path,) = wrote
    folder, _, name = path.rpartition("/")
    plain = folder.endswith("/site-packages") and name.endswith(".pth") and not name.startswith(".")
    looked.that("a new file in site-packages that ends with .pth and is not hidden", plain, came)
    looked.that("a new file, and no other one changed or gone", path in seen.after and path not in seen.before, came)
    lines = [line for line in seen.after[path].splitlines() if line.strip() and not line.startswith("#")]
    strays = [line for line in lines if not os.path.isabs(line)]
    looked.that("absolute paths as its lines", lines and not strays, "\n".join(strays) or "no line at all")
    wanted, mode = seen.modes.get(OTHERS, 0), seen.modes.get(name, 0)
    why = "The virtualenv is for everybody who uses it. Who may read your file, and what set its mode?"
    readable = wanted & mode == wanted
    expect(use, why).that(f"a file to be read by all who can read {OTHERS}", readable, f"{name} is for fewer of them")


def expect_status(looked, run, wanted, what):
    """A run of the learner's program ended so."""
    looked.that(f"exit status {wanted} of {what}", run.status == wanted, run)


def expect_install(looked, run):
    """Installing ended well."""
    expect_status(looked, run, 0, "the installation")


def expect_imported(looked, run, heights, who="a program in the virtualenv"):
    """The shelf can be used: whatever can't be doesn't stand in anybody's way."""
    wanted = " ".join(str(height) for height in heights[0])
    names = " and ".join(heights[1])
    looked.that(f"{who} finds {names} and prints {wanted}", run.stdout.splitlines()[:1] == [wanted], run)


def expect_installed_something(looked, seen):
    """Installing ended well, and left something in site-packages."""
    expect_install(looked, seen.install)
    wrote = [name for name in changed(seen.before, seen.after) if "/site-packages/" in name]
    looked.that("something new in site-packages", wrote, "all is as before")


def expect_same(looked, before, after, what):
    """Nothing was changed between the two."""
    told_of = [f"{name}: {after[name]!r}" if name in after else f"{name} is gone" for name in changed(before, after)]
    looked.none(f"the same files before and after {what}", told_of, between="\n")


def changed(before, after):
    """The names of files that are in one only, or not the same."""
    return [name for name in sorted(before | after) if before.get(name) != after.get(name)]
