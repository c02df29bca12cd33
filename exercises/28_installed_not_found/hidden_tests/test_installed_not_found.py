"""Checks of 28 installed_not_found."""

import os
import shlex
import zipfile
from dataclasses import dataclass, field

from grader.checks import Distribution, Project, Ran, check, expect, observation

TRAP = 'open(__file__.partition(".zip")[0] + ".was.run", "w")\nraise SystemExit("this file was run")\n'
"""What all modules and programs consist of that are put there."""

BUILT_IN = ("_thread", "_warnings", "_weakref", "marshal")
STANDARD = ("calendar", "email", "json", "wave")
"""Of the standard library; one of them is asked for."""
OTHER_PYTHONS = ("3.7", "3.8", "3.9")
TAGS = ("cpython-39-x86_64-linux-gnu", "cpython-38-darwin", "pypy39-pp73-x86_64-linux-gnu")
"""Of extension modules for none of the Pythons that are asked."""

ASK = """
import importlib, venv
from pathlib import Path
here = str(Path.cwd())
for place in environments:
    venv.create(place, symlinks=True)
def ask(program, name, env):
    env = {key: value.replace("$WORK", here) for key, value in env.items()}
    words = [f"{here}/mine/bin/python", f"{here}/desk/whynot.py", program.replace("$WORK", here), name]
    return run(*words, env=env)
answers = {key: ask(*question) for key, question in questions.items()}
traces = sorted(str(path) for path in Path().rglob("*.was.run"))
# This program runs with the Python that the environments are made of.
standard = {name: importlib.import_module(name).__file__ for name in modules}
see({"here": here, "answers": answers, "standard": standard, "traces": traces})
"""


@dataclass
class Asked:
    """What ASK reports."""

    here: str
    answers: dict[str, Ran]
    standard: dict[str, str]
    traces: list[str]


@dataclass
class Office:
    """A folder with environments, programs and questions: what is put there, and what is asked."""

    project: Project
    place: str
    """What the folder is called."""
    environments: tuple[str, ...] = ("mine",)
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    archive: tuple[str, str] = ("", "")
    """A zip archive and the file in it."""
    questions: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)
    """PROGRAM, NAME and variables of each question, by what it is called here."""
    standard: list[str] = field(default_factory=list)
    """Modules of the standard library that are asked for."""
    at: dict[str, str] = field(default_factory=dict)
    """The path that belongs to a question, from the folder."""
    distributions: dict[str, str] = field(default_factory=dict)
    """The name of the distribution that belongs to a question."""
    modules: list[str] = field(default_factory=list)
    """Of the distribution that is asked for by its own name."""

    def site(self, environment="mine", version=""):
        """The site-packages of an environment."""
        version = version or ".".join(map(str, self.project.virtualenv.interpreter.minor))
        return f"{environment}/lib/python{version}/site-packages"

    def put(self, *paths):
        """Put traps there."""
        self.files |= dict.fromkeys(paths, TRAP)
        self.notes.append("there is " + ", ".join(map(shlex.quote, paths)))

    def install(self, name, *paths):
        """Install a distribution in the environment of the Python that is asked."""
        parcel = Distribution(name, dict.fromkeys(paths, TRAP))
        self.files |= parcel.installed(self.site())
        self.notes.append(f"in mine, {name} is installed; its RECORD lists {', '.join(map(shlex.quote, paths))}")

    def ask(self, key, program, name, at="", distribution="", **env):
        """Have a question asked: variables may have $WORK in them, which stands for the folder."""
        self.files[program.removeprefix("$WORK/")] = TRAP
        self.questions[key], self.at[key], self.distributions[key] = (program, name, env), at, distribution

    def asked(self):
        """Ask the questions, one after the other, in one workshop."""
        archive, inner = self.archive

        def pack(top):
            if archive:
                with zipfile.ZipFile(top / archive, "w") as opened:
                    opened.writestr(inner, TRAP)

        packed = [f"{archive} is a zip archive that holds {inner}"] if archive else []
        note = "\n".join(
            [*self.notes, *packed, "each of these files leaves a trace when it is run, and ends the program"]
        )
        copy = self.project.copy(self.place, inside="desk", note=note, files=self.files, change=pack)
        questions = {key: [program, name, env] for key, (program, name, env) in self.questions.items()}
        given = {"environments": list(self.environments), "questions": questions, "modules": self.standard}
        return self, copy.workshop(ASK, given=given)

    def shown(self, seen, key):
        """The execution, where the learner reads how this one question is asked."""
        program, name, env = self.questions[key]
        variables = [f'{variable}="{value}"' for variable, value in env.items()]
        words = [f'"{program}"' if " " in program else program, name]
        line = " ".join([*variables, "mine/bin/python", "desk/whynot.py", *words])
        make = [f"python -m venv --without-pip {shlex.quote(place)}" for place in self.environments]
        return seen.shown_as(" && ".join(make), f"{line}; echo $?")


@observation
def importable(project):
    """What can be imported."""
    office, varied = Office(project, "ground floor"), project.varied("importable")
    lantern, lamps = varied.name("lantern"), varied.name("merrow-lamps", "-")
    office.install(lamps, f"{varied.name('wick')}.py", f"{lantern}/glass.py", f"{lantern}/__init__.py")
    office.standard = ["os", varied.choice(STANDARD)]
    office.ask("package", "watch.py", lantern, f"{office.site()}/{lantern}/__init__.py", lamps)
    office.ask("standard", "watch.py", office.standard[1])
    office.ask("built-in", "watch.py", varied.choice(BUILT_IN))
    office.ask("frozen", "watch.py", "os")
    return office.asked()


@observation
def in_front(project):
    """What hides something that is installed, and what doesn't."""
    office, varied = Office(project, "first floor"), project.varied("in front")
    buoy, horn, fog, oar = hidden = varied.names("buoy", "horn", "fog", "oar")
    post, raft, marks = varied.name("post"), varied.name("raft"), varied.name("Merrow-Marks", "-")
    site = office.site()
    office.install(marks, *(f"{each}.py" for each in hidden), f"{raft}/__init__.py", f"{raft}/deck.py")
    office.put(f"north quay/{buoy}.py", f"south quay/{fog}/notes.txt", f"west quay/{post}.py")
    # A package, a file on PYTHONPATH, and a package that somebody has put beside the installed file.
    office.put(f"east quay/{raft}.py", f"{site}/{oar}/__init__.py")
    # The same in the working directory, and in that of whynot.py.
    office.put(f"{buoy}.py", f"desk/{buoy}.py")
    office.archive = "tapes.egg", f"{horn}.py"
    tapes, quay = {"PYTHONPATH": "$WORK/tapes.egg"}, {"PYTHONPATH": "$WORK/east quay"}
    office.ask("by program", "north quay/watch.py", buoy, f"north quay/{buoy}.py", marks)
    office.ask("for another", "$WORK/south quay/watch.py", buoy, f"{site}/{buoy}.py", marks)
    office.ask("own", "west quay/watch.py", post, f"west quay/{post}.py")
    office.ask("by archive", "watch.py", horn, f"tapes.egg/{horn}.py", marks, **tapes)
    office.ask("by variable", "west quay/watch.py", raft, f"east quay/{raft}.py", marks, **quay)
    office.ask("beside", "watch.py", oar, f"{site}/{oar}/__init__.py", marks)
    office.ask("bare", "$WORK/south quay/watch.py", fog, f"{site}/{fog}.py", marks)
    return office.asked()


@observation
def labelled(project):
    """Two distributions that are asked for by their own names."""
    office, varied = Office(project, "second floor"), project.varied("labelled")
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
        f"{gauge}.py",
        f"{tide}_tables/heights.csv",
        f"{tide}_tables/old/__init__.py",
        f"{tide}.libs/libtide.so",
        f"__pycache__/{tide}.cpython-3{project.virtualenv.interpreter.minor[1]}.pyc",
        "tide-table.py",
        "NOTICE.txt",
        f"../../../bin/{script}",
    )
    sign = varied.name("sign")
    office.install(signs, f"{sign}.libs/libsign.so", f"{sign}_texts/warnings.txt", f"../../../bin/{sign}")
    # What comes later in the table has a file of that name.
    office.put(f"{office.site('keeper/.local')}/{spelled}.py")
    office.ask("renamed", "watch.py", spelled, "", tides, HOME="$WORK/keeper")
    office.ask("no modules", "watch.py", signs.replace("-", "_"))
    return office.asked()


@observation
def left_alone(project):
    """What lies on the path for another Python, or in the user's site-packages, and what is nowhere."""
    office, varied = Office(project, "third floor", ("mine", "the other")), project.varied("left alone")
    crane, knot, spray = varied.names("crane", "knot", "spray")
    tag, theirs = varied.choice(TAGS), office.site("the other")
    users, older = office.site("keeper's base"), office.site("mine", varied.choice(OTHER_PYTHONS))
    active, keeper = (
        {"VIRTUAL_ENV": "$WORK/the other"},
        {"HOME": "$WORK/keeper", "PYTHONUSERBASE": "$WORK/keeper's base"},
    )
    # What comes later in the table has it, too.
    office.put(f"crane shed/{crane}.{tag}.so", f"{users}/{crane}.py", f"{theirs}/{crane}.py")
    office.put(f"{users}/{knot}/__init__.py", f"{theirs}/{knot}.py", f"{older}/{knot}.py")
    # Others' names begin like this one, or it is the name of a bare folder.
    office.put(*(f"{place}/{spray}/notes.txt" for place in (users, theirs, older)))
    office.put(f"{office.site()}/{spray}0.{tag}.so", f"{theirs}/{spray}0.py")
    office.ask(
        "other build", "watch.py", crane, f"crane shed/{crane}.{tag}.so", PYTHONPATH="$WORK/crane shed", **keeper
    )
    office.ask("user", "watch.py", knot, users, **active, **keeper)
    office.ask("missing", "watch.py", spray, **active, **keeper)
    return office.asked()


@observation
def next_door(project):
    """What another environment has. The one of PYTHON has it for older Pythons, or that alone has it."""
    office, varied = Office(project, "fourth floor", ("mine", "the other")), project.varied("next door")
    sail, mast, oar = varied.names("sail", "mast", "oar")
    older, theirs = (varied.choice(OTHER_PYTHONS) for _ in range(2))
    older, first, second = office.site("mine", older), office.site("the other"), office.site("the other", theirs)
    first, second = varied.sample([first, second], 2)
    office.put(f"{first}/{sail}/__init__.py", f"{second}/{mast}.{varied.choice(TAGS)}.so")
    office.put(f"{older}/{sail}.py", f"{older}/{oar}.py")
    active = {"VIRTUAL_ENV": "$WORK/the other"}
    office.ask("package", "watch.py", sail, first, **active)
    office.ask("native", "watch.py", mast, second, **active)
    office.ask("own", "watch.py", oar, older, VIRTUAL_ENV="$WORK/mine/")
    return office.asked()


@observation
def years_ago(project):
    """What this environment has, but for older Pythons."""
    office, varied = Office(project, "fifth floor"), project.varied("years ago")
    keel, rudder, winch = varied.names("keel", "rudder", "winch")
    older, oldest = (office.site("mine", each) for each in varied.sample(OTHER_PYTHONS, 2))
    office.put(f"{older}/{keel}.py", f"{oldest}/{rudder}/__init__.pyc", f"{older}/{winch}.{varied.choice(TAGS)}.so")
    office.ask("module", "watch.py", keel, older)
    office.ask("package", "watch.py", rudder, oldest)
    office.ask("native", "watch.py", winch, older)
    return office.asked()


def expect_answer(asked, key, why, verdict, modules=(), at=None):
    """One question got this answer."""
    office, seen = asked
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


def expect_found(importable, why):
    """What can be imported is found: that something else isn't, says little without that."""
    office, seen = importable
    looked = expect(office.shown(seen, "standard"), why)
    ran = looked.reported(Asked).answers["standard"]
    found = answer(looked, ran)
    looked.that("verdict is 'found' for what can be imported", found["verdict"] == "found", ran)


@check(points=10, clause=(1, 3, 4))
def test_found(importable):
    """A module that can be imported is found, with its file and its distribution."""
    why = "Python would import it. Which file would it read, if any, and which installed distribution lists that file?"
    expect_answer(importable, "package", why, "found")
    os_file, file = expect(importable[1], why).reported(Asked).standard.values()
    expect_answer(importable, "standard", why, "found", at=[file])
    why = "This module is part of the interpreter. Is the origin in a spec always a file?"
    expect_answer(importable, "built-in", why, "found")
    expect_answer(importable, "frozen", why, "found", at=[None, os_file])


@check(points=20, clause=(3, 4, 6))
def test_hidden(in_front):
    """A module that another file hides gets the verdict hidden, and others don't."""
    why = (
        "Two places have that name. In which order does PYTHON PROGRAM search them, and what kinds of places can "
        "they be?"
    )
    expect_answer(in_front, "by program", why, "hidden")
    expect_answer(in_front, "by archive", why, "hidden")
    expect_answer(in_front, "by variable", why, "hidden")
    expect_answer(in_front, "beside", why, "hidden")
    why = "Which other place has a file of that name? Would PYTHON PROGRAM find it first, and does it hide anything?"
    expect_answer(in_front, "for another", why, "found")
    expect_answer(in_front, "own", why, "found")
    why = "The folder of PROGRAM has a folder of that name. What is in it, and what does Python do with such a folder?"
    expect_answer(in_front, "bare", why, "found")


@check(points=15, clause=(3, 5))
def test_renamed(labelled):
    """A distribution of that name is known, and its modules are named."""
    why = (
        "Nothing of that name can be imported, but a distribution of that name is installed. Which modules does it "
        "have, and which file lists them?"
    )
    expect_answer(labelled, "renamed", why, "renamed", labelled[0].modules)
    why = "This distribution is installed, too. Which of its files can be imported?"
    expect_answer(labelled, "no modules", why, "missing")


@check(points=10, clause=3)
def test_other_build(importable, left_alone):
    """An extension module for another Python is seen on the path."""
    why = "A file of that name is on the path, but Python doesn't import it. What does its name tell you?"
    expect_found(importable, why)
    expect_answer(left_alone, "other build", why, "other-build")


@check(points=10, clause=3)
def test_user_site(importable, left_alone):
    """The user's site-packages are known."""
    why = (
        "It was installed for the user, and a virtual environment doesn't use that folder. What can tell you where "
        "that folder is?"
    )
    expect_found(importable, why)
    expect_answer(left_alone, "user", why, "user-site")


@check(points=15, clause=3)
def test_other_environment(importable, next_door):
    """A module in another active environment is found there."""
    why = "One environment is active, and PYTHON belongs to another. Where can your program find each of the two?"
    expect_found(importable, why)
    expect_answer(next_door, "package", why, "other-environment")
    expect_answer(next_door, "native", why, "other-environment")
    why = "The active environment is that of PYTHON itself. Is there another environment to report then?"
    office, seen = next_door
    looked = expect(office.shown(seen, "own"), why)
    ran = looked.reported(Asked).answers["own"]
    other = answer(looked, ran)["verdict"] == "other-environment"
    looked.that("another verdict than 'other-environment'", not other, ran)


@check(points=10, clause=3)
def test_other_python(importable, years_ago):
    """A module for another version of Python in the same environment is found."""
    why = "The environment was used with several Pythons. Which folder does each of them have there?"
    expect_found(importable, why)
    expect_answer(years_ago, "module", why, "other-python")
    expect_answer(years_ago, "package", why, "other-python")
    expect_answer(years_ago, "native", why, "other-python")


@check(points=10, clause=(1, 2, 3))
def test_missing(importable, in_front, labelled, left_alone, next_door, years_ago):
    """A module that is in none of these places is missing, and nothing was run."""
    why = (
        "No place here has NAME, as the contract uses that word. What did your program take for it, or how did it end?"
    )
    expect_found(importable, why)
    expect_answer(left_alone, "missing", why, "missing")
    why = "Each file that was put there leaves a trace when it is run. Which of your lines runs what it looks for?"
    for _, seen in (importable, in_front, labelled, left_alone, next_door, years_ago):
        looked = expect(seen, why)
        looked.none("no trace of a file that was run", looked.reported(Asked).traces, between="\n")
