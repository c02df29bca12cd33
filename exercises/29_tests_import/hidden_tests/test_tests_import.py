"""Checks of 29 tests_import."""

import re
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from grader.checks import Ran, build_together, check, expect, expect_installed, observation, require_pytest

NAME = "merrow-buoys"
LIGHT = ("test_dark", "test_flashes")
SHAPE = ("test_height",)
ALL = (*LIGHT, *SHAPE)
MODULES = ("light.py", "shape.py")
NOT_PASSED = {"failure", "error", "skipped"}
"""What pytest writes below a test that didn't pass."""
CONSTANTS = {"PERIOD": ALL[:2], "LENGTH": ("test_dark",), "SLOPE": SHAPE}
"""What can be wrong in the code, and which tests are about it."""
RIGHT = {"PERIOD": 7.5, "LENGTH": 0.5, "SLOPE": 2.5}

# pytest writes down itself which tests it ran and how each ended.
TESTED = """
import os, tempfile
from xml.etree import ElementTree
def tested(*words, cwd=None):
    file = os.path.join(tempfile.mkdtemp(), "tests.xml")
    ran = run(*words, f"--junitxml={file}", cwd=cwd)
    cases = [*ElementTree.parse(file).iter("testcase")] if os.path.exists(file) else []
    tests = [[case.get("classname"), case.get("name"), *(part.tag for part in case)] for case in cases]
    return {**ran, "tests": tests}
"""

HERE = """
see([tested("pytest"), tested("python", "-m", "pytest")])
"""

ELSEWHERE = """
tests, empty = os.path.abspath("tests"), tempfile.mkdtemp()
files = ["tests/light/test_buoy.py", "tests/shape/test_buoy.py"]
see([tested("pytest", tests, cwd=empty), *(tested("pytest", file) for file in files)])
"""

BY_COMMAND = """
see([tested("pytest")])
"""

BY_MODULE = """
see([tested("python", "-m", "pytest")])
"""

COMMANDS = ("pytest", "python -m pytest")
FOLDERS = ("light", "shape")


@dataclass
class PytestRun(Ran):
    """One run of pytest."""

    tests: list[list[str | None]] = field(default_factory=list)
    """A list for each: its module, its name, and what befell it, nothing of which is good."""

    def found(self, name):
        """How a test of that name in a file test_buoy.py ended, once for each time that it was run."""
        ends = [parts for module, test, *parts in self.tests if test == name and _last(module) == "test_buoy"]
        return ["failed" if NOT_PASSED & {*parts} else "passed" for parts in ends]

    @property
    def passed(self):
        """The names of all that passed, whichever file they are in."""
        return sorted({test for _, test, *parts in self.tests if not NOT_PASSED & {*parts}})

    def ended(self, name):
        """The same in words."""
        return " and ".join(self.found(name)) or "not run"

    def told(self, names):
        """How it ended, in words for a message."""
        lines = [line for line in f"{self.stdout}\n{self.stderr}".splitlines() if re.match("E  |ERROR|FAILED", line)]
        each = ", ".join(f"{name} {self.ended(name)}" for name in names)
        return "\n".join([f"exit status {self.status}: {each}", *lines[:6]])


def _last(module):
    return (module or "").rpartition(".")[2]


@observation
def wrong(project):
    """The name of a constant, and a value that is a little wrong for it: only rounding is near enough."""
    draws = project.varied("wrong")
    name = draws.choice(sorted(CONSTANTS))
    return name, round(RIGHT[name] + draws.randrange(21, 90) / 1000, 3)


@observation
def wrong_code(project, wrong):
    """A copy whose code has that value; None where there is no such constant."""
    name, value = wrong
    edits, constant = {}, re.compile(rf"^{name} = [\d.]+$", re.MULTILINE)
    for path in sorted(project.path.rglob("*.py")):
        text = path.read_text("utf-8", errors="replace") if path.name in MODULES and path.is_file() else ""
        if constant.search(text):
            edits[path.relative_to(project.path).as_posix()] = constant.sub(f"{name} = {value}", text)
    if not edits:
        return None
    return project.copy("wrong code", note=f"{', '.join(edits)}: {name} = {value}", files=edits)


@observation
def builds(project, wrong_code):
    return build_together(project.wheel(), *([wrong_code.wheel()] if wrong_code else []))


built = builds.part(0)


@observation
def installed(project, built):
    require_pytest(project)
    return built.install(testing=True)


@observation
def wrongly_installed(project, builds):
    require_pytest(project)
    return builds[1].install(variable="WRONG", testing=True) if len(builds) > 1 else None


@observation
def tested(project, installed):
    copy = project.within(installed)
    return copy.workshop(TESTED + HERE).shown_as(*COMMANDS)


@observation
def tested_elsewhere(project, installed):
    shown = [
        '(cd "$(mktemp -d)" && pytest "$OLDPWD/tests")',
        *(f"pytest tests/{name}/test_buoy.py" for name in FOLDERS),
    ]
    return project.within(installed).workshop(TESTED + ELSEWHERE).shown_as(*shown)


@observation
def tested_wrong(project, wrongly_installed):
    """What is installed computes something wrong, and the project's own modules raise an exception."""
    if wrongly_installed is None:
        return None
    name = project.varied("broken").name("leak")
    text = f'raise RuntimeError("{name}")\n'

    def spoil(copy):
        for path in [path for path in copy.rglob("*.py") if path.name in MODULES]:
            for each in (path, path.with_name("__init__.py")):
                each.write_text(text)

    copy = project.copy("broken", note=f"each module of buoys says {text.strip()}", change=spoil)
    return copy.within(wrongly_installed).workshop(TESTED + BY_MODULE).shown_as(COMMANDS[1])


@observation
def tested_without(project):
    """Nothing but pytest is installed."""
    require_pytest(project)
    return project.with_pytest().workshop(TESTED + BY_MODULE).shown_as(COMMANDS[1])


@observation
def third(project):
    """The folder that somebody adds, a test that is to pass there, and one that is to fail."""
    return project.varied("third").names("tower", "test_bell", "test_cracked_bell")


@observation
def tested_third(project, installed, third):
    """Somebody has added a folder, and near is never true: what is in that folder doesn't use it."""
    folder, good, bad = third
    width = project.varied("width").randrange(2, 40)
    lines = [
        "from buoys import shape",
        "",
        f"def {good}():",
        f"    assert shape.height({width}) == {width * 2.5}",
        "",
        f"def {bad}():",
        f"    assert shape.height({width}) == {width * 2.5 + 1}",
    ]
    far = "def near(*_, **__): return False"

    def append(copy):
        with (copy / "tests/helpers.py").open("a", encoding="utf-8") as helpers:
            helpers.write(f"\n\n{far}\n")

    note = "\n    ".join([f"tests/helpers.py ends with: {far}\ntests/{folder}/test_buoy.py:", *lines])
    files = {f"tests/{folder}/test_buoy.py": "\n".join([*lines, ""])}
    copy = project.copy("third", note=note, files=files, change=append)
    return copy.within(installed).workshop(TESTED + BY_COMMAND).shown_as(COMMANDS[0])


@check(points=10, clause=1, needs="test_all_pass")
def test_wheel(built):
    """The wheel is called merrow-buoys, and holds the package and no tests."""
    why = "An installation has exactly the files of the wheel. What should be in it, and which line tells the build?"
    looked = expect(built, why)
    looked.equal("the wheel's Name", NAME, canonicalize_name(str(built.wheels[0].metadata["Name"])))
    wanted = sorted(f"buoys/{name}" for name in ("__init__.py", *MODULES))
    looked.that(f"a wheel with {', '.join(wanted)}", sorted(built.shipped) == wanted, built.listed)


@check(points=20, clause=2)
def test_all_pass(built, installed, tested):
    """With the wheel installed, pytest runs all tests, each once, and they pass."""
    why = (
        "Before a test runs, its file is imported. Under which name is each of the two files imported, and from "
        "where do its helpers come?"
    )
    expect_ready(built, installed, why)
    looked = expect(tested, why)
    for command, ran in zip(COMMANDS, looked.reported(list[PytestRun]), strict=False):
        expect_passed(looked, command, ran, ALL)


@check(points=10, clause=3, needs="test_all_pass")
def test_from_elsewhere(built, installed, tested_elsewhere):
    """They pass when pytest is started elsewhere, or for one file."""
    why = "Now pytest starts in another folder, or with one file. Which of your settings and paths depend on that?"
    expect_ready(built, installed, why)
    looked = expect(tested_elsewhere, why)
    commands = ["pytest PROJECT/tests, elsewhere,", *(f"pytest tests/{name}/test_buoy.py" for name in FOLDERS)]
    for command, ran, names in zip(commands, looked.reported(list[PytestRun]), (ALL, LIGHT, SHAPE), strict=False):
        expect_passed(looked, command, ran, names)


@check(points=20, clause=4, needs="test_all_pass")
def test_broken_folder(wrong, builds, wrongly_installed, tested_wrong):
    """They test what is installed, also where the code in the project's folder is broken."""
    why = (
        "The installed code can be imported, and only the code in the project's folder is broken. What put that "
        "folder on the path?"
    )
    looked, ran = expect_tested(wrong, builds, wrongly_installed, tested_wrong, why)
    each_once = all(len(ran.found(name)) == 1 for name in ALL)
    looked.that(f"each run once: {', '.join(ALL)}", each_once, ran.told(ALL))


@check(points=15, clause=5, needs="test_all_pass")
def test_wrong_code(wrong, builds, wrongly_installed, tested_wrong):
    """If what is installed computes something wrong, the right tests fail."""
    why = "The installed code is wrong here. Which code did each test call, and did it compare the result?"
    looked, ran = expect_tested(wrong, builds, wrongly_installed, tested_wrong, why)
    name, value = wrong
    wanted = {test: ["failed" if test in CONSTANTS[name] else "passed"] for test in ALL}
    right = ran.status != 0 and all(ran.found(test) == ends for test, ends in wanted.items())
    words = ", ".join(f"{test} {ends[0]}" for test, ends in wanted.items())
    looked.that(f"with {name} = {value} installed, an exit status other than 0: {words}", right, ran.told(ALL))


@check(points=10, clause=6, needs="test_all_pass")
def test_not_installed(tested_without):
    """If nothing is installed, no test passes."""
    why = "The buoys aren't installed here, so there is nothing to test. Which code was tested then?"
    looked = expect(tested_without, why)
    (ran,) = looked.reported(tuple[PytestRun])
    passed = ", ".join(ran.passed) or "nothing"
    came = f"exit status {ran.status}, passed: {passed}"
    looked.that("an exit status other than 0, and no test passed", ran.status != 0 and not ran.passed, came)


@check(points=5, clause=7, needs="test_all_pass")
def test_third_folder(built, installed, third, tested_third):
    """A third folder with a test_buoy.py can be added as it is."""
    why = "There is a third test_buoy.py. Under which name is it imported, and does another module have that name?"
    expect_ready(built, installed, why)
    _, good, bad = third
    looked = expect(tested_third, why)
    (ran,) = looked.reported(tuple[PytestRun])
    right = (ran.found(good), ran.found(bad)) == (["passed"], ["failed"])
    looked.that(f"{good} passed and {bad} failed, each once", right, ran.told((good, bad)))
    runs = [len(ran.found(name)) for name in ALL]
    looked.that(f"each run once: {', '.join(ALL)}", runs == [1] * len(ALL), ran.told(ALL))


@check(points=10, clause=8, needs="test_all_pass")
def test_helpers(built, installed, tested_third):
    """All tests use the one near, that of tests/helpers.py."""
    why = (
        "`near` of the helpers now always returns False. Which near did the passing test call, and in which file is it?"
    )
    expect_ready(built, installed, why)
    looked = expect(tested_third, why)
    (ran,) = looked.reported(tuple[PytestRun])
    right = ran.status != 0 and all(ran.found(name) == ["failed"] for name in ALL)
    looked.that("an exit status other than 0, and each test failed", right, ran.told(ALL))


def expect_ready(build, environment, why):
    """The wheel could be built and installed."""
    expect(build, why)
    expect_installed(environment, why)


def expect_tested(wrong, builds, environment, seen, why):
    """What pytest said of code that is wrong."""
    there = len(builds) > 1
    expect(builds[0], why).that(f"a line {wrong[0]} = … in the modules of buoys", there, "there is none")
    expect_ready(builds[1], environment, why)
    looked = expect(seen, why)
    (ran,) = looked.reported(tuple[PytestRun])
    return looked, ran


def expect_passed(looked, command, ran, names):
    """These tests passed, each once, and all went well."""
    right = ran.status == 0 and all(ran.found(name) == ["passed"] for name in names)
    looked.that(f"from {command} exit status 0, and passed, each once: {', '.join(names)}", right, ran.told(names))
