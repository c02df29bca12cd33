"""Checks of 28 installed_not_found."""

import os
import shlex
import zipfile
from dataclasses import dataclass, field

from grader.checks import Distribution, Ran, check, expect, observation

TRAP = 'open(__file__.partition(".zip")[0] + ".was.run", "w")\nraise SystemExit("this file was run")\n'
"""What all modules and programs consist of that are put there."""

BUILT_IN = ("_thread", "_warnings", "_weakref", "marshal")
STANDARD = ("calendar", "email", "json", "wave")
"""Of the standard library; one of them is asked for."""
OTHER_PYTHONS = ("3.7", "3.8", "3.9")

ASK = """
import importlib, venv
from pathlib import Path
here = str(Path.cwd())
python, whynot = f"{here}/mine/bin/python", f"{here}/desk/whynot.py"
for place in environments:
    venv.create(place, symlinks=True)
def ask(program, name, env):
    env = {key: value.replace("$WORK", here) for key, value in env.items()}
    return run(python, whynot, program.replace("$WORK", here), name, env=env)
answers = {key: ask(*question) for key, question in questions.items()}
# This program runs with the Python that the environments are made of.
standard = [importlib.import_module(name).__file__ for name in ("os", questions["standard"][1])]
traces = sorted(str(path) for path in Path().rglob("*.was.run"))
see({"here": here, "answers": answers, "standard": standard, "traces": traces})
"""


@dataclass
class Asked:
    """What ASK reports."""

    here: str
    answers: dict[str, Ran]
    standard: list[str]
    traces: list[str]


@dataclass
class Office:
    """A folder with environments, programs and questions: what is put there, and what is asked."""

    version: str
    """Of the Python that is asked, such as 3.12."""
    environments: list[str] = field(default_factory=lambda: ["mine"])
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    questions: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)
    """PROGRAM, NAME and variables of each question, by what it is called here."""
    at: dict[str, str] = field(default_factory=dict)
    """The path that belongs to a question, from the folder."""
    distributions: dict[str, str] = field(default_factory=dict)
    """The name of the distribution that belongs to a question."""
    modules: list[str] = field(default_factory=list)
    """Of the distribution that is asked for by its own name."""

    def site(self, environment="mine", version=""):
        """The site-packages of an environment."""
        return f"{environment}/lib/python{version or self.version}/site-packages"

    def put(self, *paths):
        """Put traps there."""
        self.files |= dict.fromkeys(paths, TRAP)
        self.notes.append("it has " + ", ".join(map(shlex.quote, paths)))

    def install(self, name, *paths):
        """Install a distribution in the environment of the Python that is asked."""
        parcel = Distribution(name, dict.fromkeys(paths, TRAP))
        self.files |= parcel.installed(self.site())
        self.notes.append(f"in mine, {name} is installed; its RECORD lists {', '.join(map(shlex.quote, paths))}")

    def ask(self, key, program, name, at="", distribution="", **env):
        """Have a question asked: variables may have $WORK in them, which stands for the folder."""
        self.files[program.removeprefix("$WORK/")] = TRAP
        self.questions[key], self.at[key], self.distributions[key] = (program, name, env), at, distribution

    def shown(self, seen, key):
        """The execution, where the learner reads how this one question is asked."""
        program, name, env = self.questions[key]
        variables = [f'{variable}="{value}"' for variable, value in env.items()]
        words = [f'"{program}"' if " " in program else program, name]
        line = " ".join([*variables, "mine/bin/python", "desk/whynot.py", *words, "; echo $?"])
        make = [f"python -m venv --without-pip {shlex.quote(place)}" for place in self.environments]
        return seen.shown_as(" && ".join(make), line)


def version(project):
    """Of the Python that runs the project."""
    return ".".join(map(str, project.virtualenv.interpreter.minor))


@observation
def shelves(project):
    """What is installed, what hides it, and what has another name."""
    office, varied = Office(version(project)), project.varied("shelves")
    site = office.site()
    # What can be imported.
    wick, lantern = varied.names("wick", "lantern")
    lamps = varied.name("merrow-lamps", "-")
    office.install(lamps, f"{wick}.py", f"{lantern}/__init__.py", f"{lantern}/glass.py")
    office.ask("module", "watch.py", wick, f"{site}/{wick}.py", lamps)
    office.ask("package", "watch.py", lantern, f"{site}/{lantern}/__init__.py", lamps)
    office.ask("standard", "watch.py", varied.choice(STANDARD))
    office.ask("built-in", "watch.py", varied.choice(BUILT_IN))
    office.ask("frozen", "watch.py", "os")
    # What hides something else.
    buoy, bell, horn, fog = hidden = varied.names("buoy", "bell", "horn", "fog")
    post = varied.name("post")
    marks = varied.name("Merrow-Marks", "-")
    office.install(marks, *(f"{each}/__init__.py" if each == bell else f"{each}.py" for each in hidden))
    office.put(f"north quay/{buoy}.py", f"old shelf/{bell}.py", f"south quay/{fog}/notes.txt", f"west quay/{post}.py")
    # The same in the current folder, and in that of whynot.py.
    office.put(f"{buoy}.py", f"desk/{buoy}.py")
    office.notes.append(f"tapes.egg is a zip archive that holds {horn}.py")
    office.ask("by program", "north quay/watch.py", buoy, f"north quay/{buoy}.py", marks)
    office.ask("for another", "$WORK/south quay/watch.py", buoy, f"{site}/{buoy}.py", marks)
    office.ask("own", "west quay/watch.py", post, f"west quay/{post}.py")
    office.ask("by folder", "watch.py", bell, f"old shelf/{bell}.py", marks, PYTHONPATH="$WORK/old shelf")
    office.ask("by archive", "watch.py", horn, f"tapes.egg/{horn}.py", marks, PYTHONPATH="$WORK/tapes.egg")
    office.ask("bare", "$WORK/south quay/watch.py", fog, f"{site}/{fog}.py", marks)
    # What is called otherwise.
    tide, moon, star, gauge, script = varied.names("tidebook", "moon", "star", "_gauge", "tides")
    number = varied.randrange(100, 1000)
    tides, signs = f"Merrow.Tides.{number}", varied.name("merrow-signs", "-")
    spelled = varied.choice([f"merrow_tides_{number}", f"MERROW-tides__{number}", f"merrow-TIDES-_{number}"])
    office.modules = sorted([tide, moon, star, gauge])
    office.install(
        tides,
        f"{tide}.py",
        f"{moon}/__init__.py",
        f"{moon}/phases/__init__.py",
        f"{star}/__init__.pyc",
        f"{gauge}.abi3.so",
        f"{tide}_tables/heights.csv",
        f"{tide}_tables/old/__init__.py",
        f"{tide}.libs/libtide.so",
        f"__pycache__/{tide}.cpython-{office.version.replace('.', '')}.pyc",
        "tide-table.py",
        "NOTICE.txt",
        f"../../../bin/{script}",
    )
    sign = varied.name("sign")
    office.install(signs, f"{sign}.libs/libsign.so", f"{sign}_texts/warnings.txt", f"../../../bin/{sign}")
    # What comes later in the table has a file of that name.
    office.put(f"keeper/.local/lib/python{office.version}/site-packages/{spelled}.py")
    office.ask("renamed", "watch.py", spelled, "", tides, HOME="$WORK/keeper")
    office.ask("no modules", "watch.py", signs.replace("-", "_"))
    return office


@observation
def drawers(project):
    """What lies where this Python doesn't look, or doesn't take it."""
    office, varied = Office(version(project), ["mine", "the other"]), project.varied("drawers")
    active = {"VIRTUAL_ENV": "$WORK/the other"}
    office.ask("standard", "watch.py", varied.choice(STANDARD))
    (older, oldest), theirs = varied.sample(OTHER_PYTHONS, 2), varied.choice(OTHER_PYTHONS)
    older, oldest, theirs = office.site("mine", older), office.site("mine", oldest), office.site("the other", theirs)
    # An extension module for another Python. What comes later in the table has it, too.
    winch, crane = varied.names("winch", "crane")
    tags = varied.sample(["cpython-39-x86_64-linux-gnu", "cpython-38-darwin", "pypy39-pp73-x86_64-linux-gnu"], 2)
    winch_file, crane_file = f"{office.site()}/{winch}.{tags[0]}.so", f"crane shed/{crane}.{tags[1]}.so"
    homes = [f"{place}/lib/python{office.version}/site-packages" for place in ("keeper/.local", "keeper's base")]
    office.put(winch_file, crane_file, f"{homes[0]}/{winch}.py", f"{theirs}/{crane}.py")
    shed = {"PYTHONPATH": "$WORK/crane shed"}
    office.ask("native", "watch.py", winch, winch_file, HOME="$WORK/keeper")
    office.ask("native on the path", "watch.py", crane, crane_file, **active, **shed)
    # The user's own. What comes later in the table has it, too.
    knot, splice = varied.names("knot", "splice")
    office.put(f"{homes[0]}/{knot}.py", f"{theirs}/{knot}.py")
    office.put(f"{homes[1]}/{splice}/__init__.py", f"{older}/{splice}.py")
    office.ask("home", "watch.py", knot, homes[0], **active, HOME="$WORK/keeper")
    office.ask("base", "watch.py", splice, homes[1], HOME="$WORK/keeper", PYTHONUSERBASE="$WORK/keeper's base")
    # Another environment, which has two such folders. The one of PYTHON has it for older Pythons.
    sail, mast, oar = varied.names("sail", "mast", "oar")
    first, second = varied.sample([office.site("the other"), theirs], 2)
    office.put(
        f"{first}/{sail}/__init__.py", f"{second}/{mast}.{tags[0]}.so", f"{older}/{sail}.py", f"{oldest}/{oar}.py"
    )
    office.ask("active package", "watch.py", sail, first, **active)
    office.ask("active native", "watch.py", mast, second, **active)
    office.ask("own is active", "watch.py", oar, oldest, VIRTUAL_ENV="$WORK/mine/")
    # This environment, as it was with older Pythons.
    keel, rudder = varied.names("keel", "rudder")
    office.put(f"{older}/{keel}.py", f"{oldest}/{rudder}/__init__.pyc")
    office.ask("older module", "watch.py", keel, older)
    office.ask("older package", "watch.py", rudder, oldest)
    # Nothing at all: others' names begin like this one, or it is the name of a bare folder.
    spray = varied.name("spray")
    office.put(*(f"{place}/{spray}/notes.txt" for place in (homes[0], theirs, older)))
    office.put(f"{office.site()}/{spray}0.{tags[0]}.so", f"{theirs}/{spray}0.py")
    office.ask("missing", "watch.py", spray, **active, HOME="$WORK/keeper")
    return office


def asked(project, name, office, archives=()):
    """All questions asked in one workshop."""

    def pack(top):
        for archive, inner in archives:
            with zipfile.ZipFile(top / archive, "w") as opened:
                opened.writestr(inner, TRAP)

    note = "\n".join([*office.notes, "each of these files leaves a trace when it is run, and ends the program"])
    copy = project.copy(name, inside="desk", note=note, files=office.files, change=pack)
    questions = {key: [program, name, env] for key, (program, name, env) in office.questions.items()}
    return copy.workshop(ASK, given={"environments": office.environments, "questions": questions})


@observation
def in_shelves(project, shelves):
    horn = shelves.questions["by archive"][1]
    return asked(project, "office with shelves", shelves, archives=[("tapes.egg", f"{horn}.py")])


@observation
def in_drawers(project, drawers):
    return asked(project, "office with drawers", drawers)


def expect_answer(office, seen, key, why, verdict, modules=(), at=None):
    """One question got this answer."""
    looked = expect(office.shown(seen, key), why)
    report = looked.reported(Asked)
    ran = report.answers[key]
    found = answer(looked, ran)
    looked.that(f"verdict is {verdict!r}", found["verdict"] == verdict, ran)
    wanted = at or [os.path.join(report.here, office.at[key]) if office.at[key] else None]
    words = " or ".join("null" if each is None else each for each in wanted)
    looked.that(f"at is {words}", any(is_same(each, found["at"]) for each in wanted), ran)
    distribution = office.distributions[key] or None
    looked.that(f"distribution is {distribution or 'null'}", found["distribution"] == distribution, ran)
    looked.that(f"modules is {list(modules)}", found["modules"] == list(modules), ran)
    status = 0 if verdict == "found" else 1
    looked.that(f"exit status {status}", ran.status == status, ran)


def answer(looked, ran):
    """The JSON object that was printed."""
    found = ran.json
    is_answer = (
        isinstance(found, dict)
        and isinstance(found.get("verdict"), str)
        and all(isinstance(found.get(key, 0), str | None) for key in ("at", "distribution"))
        and isinstance(found.get("modules"), list)
    )
    looked.that("a JSON object with verdict, at, distribution and modules, as agreed", is_answer, ran)
    return found


def is_same(wanted, found):
    """Whether these are the same path, or both null; links don't lead elsewhere."""
    if wanted is None or found is None:
        return wanted == found
    if not os.path.isabs(found):
        return False
    return os.path.normpath(found) in (os.path.normpath(wanted), os.path.realpath(wanted))


def expect_found(drawers, in_drawers, why):
    """What can be imported was found in the same workshop: that something isn't found, says little without that."""
    looked = expect(drawers.shown(in_drawers, "standard"), why)
    ran = looked.reported(Asked).answers["standard"]
    found = answer(looked, ran)
    looked.that("verdict is 'found' for what can be imported", found["verdict"] == "found", ran)


@check(points=10, clause=(1, 3, 4))
def test_found(shelves, in_shelves):
    """What can be imported is found, with its file and its distribution."""
    why = "Python would import it. Which file would it read, if any, and which installed distribution lists that file?"
    for key in ("module", "package"):
        expect_answer(shelves, in_shelves, key, why, "found")
    standard = expect(shelves.shown(in_shelves, "standard"), why).reported(Asked).standard
    expect_answer(shelves, in_shelves, "standard", why, "found", at=standard[1:])
    why = "Python has this one in itself. Is what a spec says of its origin always a file?"
    expect_answer(shelves, in_shelves, "built-in", why, "found")
    expect_answer(shelves, in_shelves, "frozen", why, "found", at=[None, *standard[:1]])


@check(points=20, clause=(3, 4, 6))
def test_hidden(shelves, in_shelves):
    """What another file hides is told from what isn't hidden."""
    why = "Two places have that name. In which order does PYTHON PROGRAM come by, and what kind of place may it be?"
    for key in ("by program", "by folder", "by archive"):
        expect_answer(shelves, in_shelves, key, why, "hidden")
    why = "Who else has a file of that name? Would PYTHON PROGRAM come by it, and is anything behind it?"
    expect_answer(shelves, in_shelves, "for another", why, "found")
    expect_answer(shelves, in_shelves, "own", why, "found")
    why = "The folder of PROGRAM has a folder of that name. What does it hold, and what does Python do with such a one?"
    expect_answer(shelves, in_shelves, "bare", why, "found")


@check(points=15, clause=(3, 5))
def test_renamed(shelves, in_shelves):
    """A distribution of that name is known, and its modules are named."""
    why = "Nothing of that name can be imported, but it was installed. Under which names, and where is that written?"
    expect_answer(shelves, in_shelves, "renamed", why, "renamed", shelves.modules)
    why = "This distribution was installed as well. Which of its files could anybody import?"
    expect_answer(shelves, in_shelves, "no modules", why, "missing")


@check(points=10, clause=3)
def test_other_build(drawers, in_drawers):
    """An extension module for another Python is seen on the path."""
    why = "A file of that name lies on the path, and Python leaves it alone. What does its name say about it?"
    expect_found(drawers, in_drawers, why)
    expect_answer(drawers, in_drawers, "native", why, "other-build")
    expect_answer(drawers, in_drawers, "native on the path", why, "other-build")


@check(points=10, clause=3)
def test_user_site(drawers, in_drawers):
    """The user's site-packages are known."""
    why = "It was installed for the user, and a virtual environment leaves that out. Who knows where that would be?"
    expect_found(drawers, in_drawers, why)
    expect_answer(drawers, in_drawers, "home", why, "user-site")
    expect_answer(drawers, in_drawers, "base", why, "user-site")


@check(points=15, clause=3)
def test_other_environment(drawers, in_drawers):
    """The environment that is active is told from the one that is asked."""
    why = "One environment is active, and PYTHON belongs to another. Where does each of the two facts stand?"
    expect_found(drawers, in_drawers, why)
    expect_answer(drawers, in_drawers, "active package", why, "other-environment")
    expect_answer(drawers, in_drawers, "active native", why, "other-environment")
    why = "The environment that is active is that of PYTHON itself. What is left to compare then?"
    looked = expect(drawers.shown(in_drawers, "own is active"), why)
    ran = looked.reported(Asked).answers["own is active"]
    other = answer(looked, ran)["verdict"] == "other-environment"
    looked.that("another verdict than 'other-environment'", not other, ran)


@check(points=10, clause=3)
def test_other_python(drawers, in_drawers):
    """What lies there for other versions of Python is seen."""
    why = "The environment has been used with several Pythons. Which folders did each of them leave in there?"
    expect_found(drawers, in_drawers, why)
    expect_answer(drawers, in_drawers, "older module", why, "other-python")
    expect_answer(drawers, in_drawers, "older package", why, "other-python")


@check(points=10, clause=(1, 2, 3))
def test_missing(drawers, in_drawers, in_shelves):
    """What is nowhere is missing, and nothing was run."""
    why = "Nothing here has that name. What did your program take for it, or how did it end?"
    expect_found(drawers, in_drawers, why)
    expect_answer(drawers, in_drawers, "missing", why, "missing")
    why = "Each file that was put there leaves a trace when it is run. Which of your lines runs what it looks for?"
    for seen in (in_shelves, in_drawers):
        looked = expect(seen, why)
        looked.none("no trace of a file that was run", looked.reported(Asked).traces, between="\n")
