"""Checks of 26 c_extension."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from grader.checks import build_together, check, expect, expect_installed, filled, observation, skip

SOURCE = "merrow_fast/_sum.c"
EXTENSION = re.compile(r"merrow_fast/_sum(\.[\w-]+)?\.(so|pyd)")

# Nothing of the learner's is in sight of this.
TRIAL = """
import shlex, subprocess, sysconfig
with open("trial.c", "w") as source:
    source.write("#include <Python.h>\\nint trial(void) { return PY_MAJOR_VERSION; }\\n")
words = shlex.split(sysconfig.get_config_var("CC") or "cc")
words += ["-fPIC", "-I", sysconfig.get_path("include"), "-c", "trial.c"]
def compile():
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        return [done.returncode, done.stderr]
    except OSError as error:
        return [127, str(error)]
see(compile())
"""

SUMS = """
import merrow_fast
numbers = NUMBERS
class Gauge:
    def __getitem__(self, second):
        return numbers[second]
some = {"a list": numbers, "an iterator": iter(numbers), "a Gauge": Gauge(), "a month": range(MONTH), "nothing": ()}
some |= {"bytes": bytes(range(9)), "a dict": dict.fromkeys(numbers), "a set": {*numbers}}
sums = {name: repr(merrow_fast.total(each)) for name, each in some.items()}
see({"backend": merrow_fast.backend, "sums": sums})
"""

IN_C = """
import merrow_fast
from merrow_fast import _sum
before = _sum.times_asked()
merrow_fast.total(NUMBERS)
see({"file": _sum.__file__, "edition": _sum.EDITION, "asked": _sum.times_asked() - before})
"""

# The library from the wheel by itself: nothing written in Python is installed where this runs.
LIBRARY = """
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("merrow_fast._sum", library)
module = module_from_spec(spec)
spec.loader.exec_module(module)
sum = module.total(numbers)
see({"edition": module.EDITION, "asked": module.times_asked(), "sum": str(sum)})
"""

ERRORS = """
import merrow_fast
class Seven:
    def __index__(self):
        return 7
over = LookupError("no more numbers")
def empty_after(number):
    yield number
    raise over
class Closed:
    def __iter__(self):
        raise over
def outcome(numbers):
    try:
        return repr(merrow_fast.total(numbers))
    except Exception as error:
        return "as it is" if error is over else "TypeError" if isinstance(error, TypeError) else type(error).__name__
kinds = 7, None, [1, "7"], [1.5], [2.0], ["3", "4"], [1, None], [Seven()], "12"
see([outcome(numbers) for numbers in (*kinds, empty_after(1), Closed())])
"""
REFUSED = ("7", "None", '[1, "7"]', "[1.5]", "[2.0]", '["3", "4"]', "[1, None]", "[Seven()]", '"12"')


@dataclass
class Sums:
    """What SUMS reports."""

    backend: Any
    sums: dict[str, str]


@dataclass
class InC:
    """What IN_C reports."""

    file: str
    edition: Any
    asked: Any


@dataclass
class Library:
    """What LIBRARY reports."""

    edition: Any
    asked: Any
    sum: str


FOUND = set()
"""The interpreters for which a compiler was found: it does not go away between two submissions."""


@observation
def compilable(project):
    """Whether there is a C compiler that finds Python.h; checks that ask for it are left out otherwise."""
    interpreter = project.virtualenv.interpreter
    if interpreter in FOUND:
        return True
    seen = project.in_toolchain().probe(TRIAL, options=["-I"])
    status, said = seen.value if seen.execution.report else (1, "the compiler did not end in time")
    if status != 0:
        lines = said.strip().splitlines() or [f"the compiler ended with status {status}"]
        skip(f"No C extension can be compiled here: {seen.scrub(lines[0])}")
    FOUND.add(interpreter)
    return True


@observation
def numbers(project):
    """Numbers in no report yet, some of them beyond what a C long or a float holds, and an edition of _sum.c."""
    random = project.varied("numbers")
    large = [random.randrange(10**30, 10**31), -random.randrange(10**20, 10**21)]
    return [*random.choices(range(-99, 1000), k=5), True, *large], random.randrange(4, 1000)


@observation
def next_edition(project, numbers):
    """Another edition of the C file, so that one compiled beforehand would be known."""
    edition = f"#define EDITION {numbers[1]}"
    edits = {SOURCE: ("#define EDITION 3", edition)}
    return project.copy("next edition", note=f"{SOURCE} says {edition}", edits=edits)


@observation
def lighthouse(project):
    """A C file that no compiler takes."""
    error = "#error there is no compiler in the lighthouse"
    note = f"{SOURCE} begins with {error}"

    def change(copy):
        source = copy / SOURCE
        source.write_text(f"{error}\n{source.read_text()}")

    return project.copy("lighthouse", note=note, change=change)


@observation
def builds(next_edition, lighthouse):
    """The wheels of both."""
    return build_together(next_edition.wheel(), lighthouse.wheel())


@observation
def built(compilable, builds):  # noqa: ARG001 - skips what can't be asked here
    """With a C file that can be compiled."""
    return builds[0]


built_without = builds.part(1)
"""Without one."""


@observation
def installed(built):
    return built.install()


@observation
def installed_without(built_without):
    return built_without.install()


@observation
def library(built, installed, numbers):
    """The library that is in the wheel, loaded without the package that it is in; None if there isn't one."""
    found = [name for name in built.shipped if EXTENSION.fullmatch(name)]
    if not found or installed.trouble:
        return None
    path = installed.virtualenv.site_packages / found[0]
    return installed.probe(LIBRARY, given={"library": str(path), "numbers": numbers[0]}, options=["-I", "-S"])


@observation
def sums(installed, numbers):
    return installed.probe(filled(SUMS, **values(numbers)))


@observation
def in_c(installed, numbers):
    return installed.probe(filled(IN_C, **values(numbers)))


@observation
def sums_without(installed_without, numbers):
    return installed_without.probe(filled(SUMS, **values(numbers)))


@observation
def errors(installed):
    return installed.probe(ERRORS)


@observation
def errors_without(installed_without):
    return installed_without.probe(ERRORS)


@check(points=20, clause=1)
def test_extension_in_wheel(built, numbers, library):
    """The wheel holds the compiled extension, in its package, and is tagged for one platform."""
    looked = expect(
        built,
        "Other people get only the wheel. Which setting compiles the extension, and under which full name?",
    )
    found = [name for name in built.shipped if EXTENSION.fullmatch(name)]
    looked.that("merrow_fast/_sum.….so, or .pyd, in the wheel", bool(found), built.listed)
    file = built.wheels[0].path.name
    looked.that("a wheel for one platform", not file.endswith("-any.whl"), file)
    if library is not None:
        looked = expect(
            library, "The file has the name of an extension. Was it made by a compiler, and from which source?"
        )
        seen = looked.reported(Library)
        looked.equal("the sum of the numbers, by the library itself,", str(sum(numbers[0])), seen.sum)
        looked.equal("how often its total was called", 1, seen.asked)
        looked.equal(f"EDITION, as {SOURCE} has it,", numbers[1], seen.edition)


@check(points=25, clause=(1, 2), needs="test_extension_in_wheel")
def test_c_backend(installed, numbers, sums, in_c):
    """Installed, the compiled function adds up, and backend is "c"."""
    why = "The extension is in the wheel. Where does the package look for it, and does total use it?"
    expect_installed(installed, why)
    looked = expect(sums, why)
    seen = looked.reported(Sums)
    looked.equal("merrow_fast.backend", "c", seen.backend)
    expect_sums(looked, numbers, seen.sums)
    looked = expect(in_c, why)
    compiled = looked.reported(InC)
    looked.equal("how often _sum.total is called by one call of merrow_fast.total", 1, compiled.asked)
    looked.equal(f"EDITION, as {SOURCE} has it,", numbers[1], compiled.edition)


@check(points=15, clause=3, alone=False)
def test_builds_without(built_without):
    """If the C file can't be compiled, there is still a wheel."""
    why = (
        "The lighthouse has no compiler, so the build failed there. Does your build require the extension, or is it "
        "optional?"
    )
    looked = expect(built_without, why)
    package = "merrow_fast/__init__.py"
    looked.that(f"{package} in the wheel", package in built_without.shipped, built_without.listed)
    looked.none("no extension in it", [name for name in built_without.shipped if EXTENSION.fullmatch(name)])


@check(points=25, clause=4, needs="test_builds_without")
def test_python_backend(installed_without, numbers, sums_without):
    """Installed without the extension, Python adds up, and backend is "python"."""
    why = "There is no extension in this wheel. Where does the package find that out, and what does it use instead?"
    expect_installed(installed_without, why)
    looked = expect(sums_without, why)
    seen = looked.reported(Sums)
    looked.equal("merrow_fast.backend", "python", seen.backend)
    expect_sums(looked, numbers, seen.sums)


@check(points=15, clause=5, needs=("test_c_backend", "test_python_backend"))
def test_same_errors(errors, errors_without):
    """A sum that isn't possible raises TypeError, in C and in Python."""
    why = (
        "A program mustn't notice which of the two it has. What does each of them do with items that aren't whole "
        "numbers?"
    )
    for seen in (errors, errors_without):
        looked = expect(seen, why)
        came = looked.reported(list[str])
        for name, what in zip_longest((*REFUSED, "empty_after(1)", "Closed()"), came):
            if name in REFUSED:
                looked.that(f"TypeError from total({name})", what == "TypeError", what)
            else:
                looked.that(f"the LookupError of {name}, as it is", what == "as it is", what)


def values(numbers):
    """What the words in the lines stand for."""
    return {"NUMBERS": numbers[0], "MONTH": _month(numbers)}


def expect_sums(looked, numbers, sums):
    """Each of the iterables has its sum, and what is given is an int."""
    total = sum(numbers[0])
    wanted = dict.fromkeys(("a list", "an iterator", "a Gauge"), total)
    wanted |= {"a month": sum(range(_month(numbers))), "nothing": 0}
    wanted |= {"bytes": sum(range(9)), "a dict": sum({*numbers[0]}), "a set": sum({*numbers[0]})}
    for name, number in wanted.items():
        looked.that(f"the sum of {name} is {number}", sums.get(name) == str(number), f"it is {sums.get(name)}")


def _month(numbers):
    """More numbers than calls fit into one another."""
    return 200_000 + numbers[1]
