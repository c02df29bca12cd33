"""Checks of 12 zip_archives."""

import json
import os
import shlex
from dataclasses import dataclass, replace

from grader.checks import Ran, check, expect, filled, observation

NAMES = ("Alma", "Bertil", "Cecilia", "Doris", "Elof", "Frida", "Hedvig")
BEYOND_ASCII = ("Göran", "Åke", "Östen")

SIZES = (3, 5, 6, 7, 8)
"""Of a crew: not the 4 that the stub has, and none that is the status of a program which fails."""

PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Where a file that is opened without an encoding is taken to be ASCII."""

STRANGERS = ["Nils", "Olga"]
"""Whom the list names that lies in the working directory."""

# These lines are longer than what they do; `told` gives a learner the same for a shell.
ARCHIVE = r"""
import os, re, shutil, sys, zipfile
radio, boat, strangers = sys.argv[1:]
plain = PLAIN
lines = "import json, lifeboat as l; print('file', json.dumps(l.__file__)); crew = l.crew(); "
lines += "print('crew', json.dumps(crew)); print('kind', json.dumps(type(crew).__name__))"
def load(archive, more={}):
    return run("python", "-c", lines, cwd=boat, env={"PYTHONPATH": os.path.abspath(archive), **more})
def by_first_line(line):
    # As the kernel has it: up to the end of the line there are a program's absolute path, and perhaps one argument.
    found = re.fullmatch(r"#![ \t]*(/[!-~]+)[ \t]*([ -~\t\r]*)\n", line)
    program, argument = (found[1], found[2].strip(" \t")) if found else ("", "")
    # Which versions of Python there are, and where, is another question on each machine.
    if re.fullmatch("python3([.][0-9]+)?", os.path.basename(program)):
        return run("python", *filter(None, [argument]), out)
    if os.path.basename(program) == "env" and re.search("(^| )python3[.][0-9]+( |$)", argument):
        return run("python", out)
    env = os.path.basename(program) == "env" and os.access(program, os.X_OK)
    return run(program, argument, out) if env and re.search("(^| )python3", argument) else None
os.mkdir(radio)
os.makedirs(os.path.join(boat, "lifeboat", "data"))
with open(os.path.join(boat, "lifeboat", "data", "crew.json"), "w") as file:
    file.write(strangers)
run("python", "-c", "import lifeboat")
out, kit = os.path.join(radio, "evening"), os.path.join(boat, "kit.egg")
seen = {"here": os.getcwd(), "built": run("python", "build.py", out)}
there = os.path.isfile(out)
seen["first"] = open(out, "rb").readline(256).decode("latin-1") if there else ""
seen["names"] = zipfile.ZipFile(out).namelist() if there and zipfile.is_zipfile(out) else []
seen["ran"], seen["loaded"] = run("python", out), load(out)
seen["by_shell"] = by_first_line(seen["first"])
with open(os.path.join("lifeboat", "data", "crew.json"), "w") as file:
    file.write(strangers)
night = os.path.join(radio, "night")
seen["built_again"], seen["ran_again"] = run("python", "build.py", night), run("python", night)
if there:
    os.rename(out, kit)
for name in os.listdir():
    if name != boat:
        shutil.rmtree(name) if os.path.isdir(name) else os.remove(name)
seen["ran_alone"], seen["loaded_alone"] = run("python", "kit.egg", cwd=boat), load(kit, plain)
see(seen)
"""

SOURCE = """
import lifeboat
see([type(lifeboat.crew()).__name__, lifeboat.crew(), lifeboat.main()])
"""


@dataclass
class Archive:
    """What ARCHIVE reports."""

    here: str
    built: Ran
    first: str
    names: list[str]
    ran: Ran
    loaded: Ran
    by_shell: Ran | None
    built_again: Ran
    ran_again: Ran
    ran_alone: Ran
    loaded_alone: Ran


@observation
def litter(project):
    """What others have put beside the package."""
    notes, spare, box = project.varied("litter").names("notes", "spare", "box")
    return f"{notes}.txt", f"{spare}.py", f"{box}/oil.json", ".git/minutes", "lifeboat.py.txt", "lifeboat_old/crew.py"


@observation
def boat(project, litter):
    """A copy of the project with another crew, which is given as well."""
    draws = project.varied("crew")
    crew = [*draws.sample(NAMES, draws.choice(SIZES) - 1), draws.choice(BEYOND_ASCII)]
    draws.shuffle(crew)
    text = json.dumps(crew, ensure_ascii=False)
    files = {"lifeboat/data/crew.json": text, **dict.fromkeys(litter, "")}
    note = f"lifeboat/data/crew.json is {text}; there are {', '.join(litter)}"
    return crew, project.copy("shore station", note=note, files=files)


@observation
def folders(project):
    """Two folders that are in nobody's way."""
    number = project.varied("folders").randrange(100, 1000)
    return f"radio room {number}", f"boat {number}"


@observation
def archive(boat, folders):
    """What comes of building, at home and when all but the archive is gone."""
    return boat[1].workshop(filled(ARCHIVE, PLAIN=PLAIN), *folders, json.dumps(STRANGERS))


@observation
def source(boat):
    """The source tree itself."""
    copy = boat[1]
    return copy.on_path().probe(SOURCE)


def muster(crew):
    """What the program prints."""
    return f"muster: {', '.join(crew)}"


def told(seen, folders, *lines, alone=False):
    """The workshop's execution, where the learner reads lines for a shell that do the same up to one point."""
    radio, boat = folders
    steps = [f"mkdir '{radio}' && python -c 'import lifeboat'", f"python build.py '{radio}/evening'"]
    if alone:
        steps += [
            f"mkdir -p '{boat}/lifeboat/data' && mv '{radio}/evening' '{boat}/kit.egg'",
            f"find . -mindepth 1 -maxdepth 1 ! -name '{boat}' -exec rm -r {{}} +; cd '{boat}'",
            f"echo {shlex.quote(json.dumps(STRANGERS))} > lifeboat/data/crew.json",
        ]
    return seen.shown_as(*steps, *lines)


def said(ran, what):
    """The JSON value on the last line that begins with a word; None if there is none."""
    lines = [line for line in ran.lines if line.startswith(f"{what} ")]
    return replace(ran, stdout="".join(lines[-1:]).partition(" ")[2]).json


STRANGE = "This is another crew, from a file in the working directory. Which of your lines opens a file there?"


def expect_muster(looked, crew, ran):
    """It printed the muster; with which status it ended is another check's business."""
    wanted = muster(crew)
    looked.that(f"it prints {wanted}", ran.lines == [wanted], ran)


@check(points=15, clause=1)
def test_runs(boat, folders, archive):
    """The archive can be built, and run, and so can the next one."""
    why = "The file must be a program by itself. Which file does Python look for in it, and what does that file need?"
    looked = expect(told(archive, folders, f"python '{folders[0]}/evening'"), why)
    seen = looked.reported(Archive)
    looked.ended("build.py", seen.built)
    expect_muster(looked, boat[0], seen.ran)
    steps = (
        f"echo {shlex.quote(json.dumps(STRANGERS))} > lifeboat/data/crew.json",
        f"python build.py '{folders[0]}/night' && python '{folders[0]}/night'",
    )
    why = (
        "The first archive was right. Now there is another crew, and build.py runs again. What did it find from the "
        "first run?"
    )
    looked = expect(told(archive, folders, *steps), why)
    looked.ended("build.py, run again,", seen.built_again)
    expect_muster(looked, STRANGERS, seen.ran_again)


@check(points=15, clause=2)
def test_status(boat, folders, archive):
    """It ends with the status that main returns."""
    why = "In the archive, main returns a number. Which line of yours uses that number as the exit status?"
    looked = expect(told(archive, folders, f"python '{folders[0]}/evening'; echo $?"), why)
    seen = looked.reported(Archive)
    looked.ended("python evening", seen.ran, len(boat[0]))


@check(points=10, clause=1)
def test_runs_alone(boat, folders, archive):
    """It runs under another name when nothing else is left."""
    ran = told(archive, folders, "python kit.egg", alone=True)
    why = "The file is in another place, and everything else is gone. What did it still look for, and where?"
    seen = expect(ran, why).reported(Archive).ran_alone
    strange = seen.stdout.strip() == muster(STRANGERS)
    expect_muster(expect(ran, STRANGE if strange else why), boat[0], seen)


@check(points=20, clause=3)
def test_crew_inside(boat, folders, archive):
    """As a library it finds the crew in the archive."""
    why = (
        "The crew must be read from the archive. What is `__file__` there, and what can read a file beside the module?"
    )
    plain = " ".join(f"{name}={value}" for name, value in PLAIN.items())
    line = f"{plain} PYTHONPATH=kit.egg python -c 'import lifeboat; print(ascii(lifeboat.crew()))'"
    ran = told(archive, folders, line, alone=True)
    seen = expect(ran, why).reported(Archive).loaded_alone
    crew = boat[0]
    if "UnicodeDecodeError" in seen.stderr:
        why = "Not every machine reads a file as UTF-8 by default. Which of your lines names the encoding?"
    looked = expect(ran, STRANGE if said(seen, "crew") == STRANGERS else why)
    looked.that(f"crew() returns {json.dumps(crew, ensure_ascii=False)}", said(seen, "crew") == crew, seen)
    looked = expect(ran, "The names are right, but crew() must return a list. What type does it return?")
    looked.equal("the type of crew()", "list", said(seen, "kind"))


@check(points=10, clause=3)
def test_loaded_from_the_archive(folders, archive):
    """As a library it is loaded from inside the archive."""
    why = "An archive on sys.path is a place like a folder. What does Python look for at its root?"
    seen = expect(told(archive, folders), why).reported(Archive)
    evening, kit = os.path.join(folders[0], "evening"), os.path.join(folders[1], "kit.egg")
    for name, ran, alone in ((evening, seen.loaded, False), (kit, seen.loaded_alone, True)):
        line = f"PYTHONPATH=\"$WORK/{name}\" python -c 'import lifeboat; print(lifeboat.__file__)'"
        looked = expect(told(archive, folders, line, alone=alone), why)
        file, inside = said(ran, "file"), os.path.join(seen.here, name) + os.sep
        right = isinstance(file, str) and file.startswith(inside)
        looked.that(f"lifeboat comes from within {name}", right, file or ran)


@check(points=10, clause=4)
def test_contents(folders, litter, archive):
    """It holds the package, and neither tests nor build.py nor bytecode."""
    listing = told(archive, folders, f"python -m zipfile -l '{folders[0]}/evening'")
    looked = expect(
        listing, "The file is sent by slow radio. Which of your lines choose what is in it, and what did they pack?"
    )
    names = sorted(looked.reported(Archive).names)
    looked.that(PACKED, has_package(names), ", ".join(names) or "no archive, or an empty one")
    extra = [name for name in names if superfluous(name, litter)]
    looked.none("no tests, no build.py, no bytecode, and no file from beside the package", extra)


@check(points=10, clause=5)
def test_first_line(boat, folders, archive):
    """Its first line tells a shell to run it with python3."""
    first = told(archive, folders, f"head -n 1 '{folders[0]}/evening'")
    looked = expect(
        first, "A shell reads the first line, and Python reads the archive from its end. What is in your first line?"
    )
    seen = looked.reported(Archive)
    something = has_package(seen.names) or seen.ran.lines == [muster(boat[0])]
    looked.that(f"{PACKED}, or one that runs", something, f"another one, or none\n{seen.built}")
    shebang = seen.first.startswith("#!")
    # Soon after its beginning an archive has dates in it, which differ from one report to the next.
    line, archived, _ = seen.first.partition("PK\x03\x04")
    came = f"the first line is {line!r}" if shebang else f"the first bytes are {seen.first[:4]!r}"
    came += ", and the archive begins in it" if shebang and archived else ""
    wanted = "a first line that begins with #! and names python3 as the program to run"
    looked.that(wanted, shebang and seen.by_shell is not None, came)
    line = f"chmod +x '{folders[0]}/evening'; './{folders[0]}/evening'; echo $?"
    why = "Python runs it, but a shell, which reads the first line, doesn't. Which characters are in that line?"
    looked = expect(told(archive, folders, line), why)
    met = seen.by_shell == seen.ran or (seen.ran.status, seen.ran.lines) == (seen.by_shell.status, seen.by_shell.lines)
    looked.that("the same as with python", met, f"{came}\n{seen.by_shell}")


@check(points=10, clause=6, alone=False)
def test_source_tree(boat, source):
    """The source tree works as before."""
    why = (
        "Here the package is in a folder, not in an archive. How does your code read the data, and does that work in "
        "both?"
    )
    crew = boat[0]
    looked = expect(source, why).reports("[type of crew(), crew(), main()]", ["list", crew, len(crew)])
    looked.stdout(muster(crew))


PACKED = "an archive with lifeboat/__init__.py"


def has_package(names):
    """Whether an archive holds the package, in whatever folder."""
    return any(name.endswith("lifeboat/__init__.py") for name in names)


def superfluous(name, litter):
    """Whether a file has no business in the boat."""
    *folders, last = name.split("/")
    unwanted = last in ("build.py", "test_roll.py") or last.endswith(".pyc")
    beside = any(part == each.partition("/")[0] for part in (*folders, last) for each in litter)
    return unwanted or beside or "tests" in folders
