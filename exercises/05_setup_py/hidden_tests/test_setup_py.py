"""Checks of 05 setup_py."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from grader.checks import check, expect, expect_installed, observation

MODULES = (
    "tidelog/__init__.py",
    "tidelog/cli.py",
    "tidelog/readers/__init__.py",
    "tidelog/readers/csvreader.py",
)
TABLE = "tidelog/tables/springs.json"
GAUGES = re.compile(r"GAUGES = .*")

IMPORTS = """
import tidelog
def outcome(name, ask):
    try:
        return ask()
    except Exception as error:
        print(f"{name}:", repr(error))
def read_lines():
    from tidelog.readers.csvreader import read
    return read(lines)
seen = {"load_table": outcome("load_table", lambda: tidelog.load_table("springs"))}
seen["read"] = outcome("csvreader", read_lines)
see(seen)
"""

# The same as `python setup.py --version`, with an eye on what setup.py and modules beside it import, in whatever way.
# The hook keeps the names where nothing that is imported can reach them. What ends setup.py ends these lines, too, once
# they have reported. The distribution is what setup() made of all that it was told, in whatever file.
WATCH = """
import builtins, importlib, os, runpy, sys
asked, real_import, real_import_module = [], builtins.__import__, importlib.import_module
sys.addaudithook(lambda event, about: asked.append(about[0]) if event == "setup.py asks" else None)
def note(name, space):
    file = os.path.abspath(space.get("__file__") or "/")
    if space.get("__name__") == "__main__" or file.startswith(os.getcwd() + os.sep):
        sys.audit("setup.py asks", name)
def watched_import(name, *rest, **more):
    note(name, sys._getframe(1).f_globals)
    return real_import(name, *rest, **more)
def watched_import_module(name, *rest, **more):
    note(name, sys._getframe(1).f_globals)
    return real_import_module(name, *rest, **more)
def outcome(run):
    try:
        run("setup.py", run_name="__main__")
    except BaseException as error:
        return error
def version():
    made = getattr(sys.modules.get("distutils.core"), "_setup_distribution", None)
    return made and f"{made.get_version()}"
def told():
    try:
        return version()
    except BaseException as error:
        return repr(error)
builtins.__import__, importlib.import_module = watched_import, watched_import_module
sys.argv[:] = ["setup.py", "--version"]
error = outcome(runpy.run_path)
version_of_setup = told()
see({"asked": asked, "version": version_of_setup})
if error is not None:
    raise error
"""


@dataclass
class Used:
    """What IMPORTS reports."""

    load_table: dict[str, float] | None
    read: dict[str, float] | None


@dataclass
class Watched:
    """What WATCH reports."""

    asked: list[str]
    version: Any


@observation
def changed(project):
    """A table and a number of gauges that are in no report yet."""
    numbers = project.varied("tables")
    return {f"{day} April": numbers.randrange(400, 700) / 100 for day in (3, 10, 17)}, numbers.randrange(4, 40)


@observation
def measured(project):
    """A line of a log, and what `read` makes of it."""
    numbers = project.varied("log")
    day, level = f"{numbers.randrange(1, 31)} May", numbers.randrange(400, 700) / 100
    return f"{day},{level}", {day: level}


@observation
def built(project, changed):
    springs, gauges = changed

    def change(copy):
        cli = copy / "tidelog" / "cli.py"
        cli.write_text(GAUGES.sub(f'GAUGES = ("north quay",) * {gauges}', cli.read_text()))

    table = json.dumps(springs)
    note = f"{TABLE} is {table}, and tidelog/cli.py has {gauges} GAUGES"
    return project.copy("boxed", note=note, files={TABLE: table}, change=change).build_wheel()


@observation
def installed(built):
    return built.install()


@observation
def used(installed, measured):
    return installed.probe(IMPORTS, given={"lines": [measured[0]]})


@observation
def command(installed):
    return installed.script("tidelog", cwd=Path("/"))


@observation
def watched(project):
    return project.in_toolchain().probe(WATCH, cwd=project.path)


@check(points=15, clause=1, alone=False)
def test_builds(built):
    """Building it gives one wheel."""
    expect(built, "The build stopped, or made nothing. Which line of its output names something that is missing?")


@check(points=10, clause=1, needs="test_builds")
def test_metadata(built):
    """The wheel's metadata is right: name, version, the Python it needs, no dependencies."""
    looked = expect(built, "Compare the wheel's METADATA with the contract. Which argument of setup() sets which line?")
    metadata = built.wheels[0].metadata
    looked.equal("Name", "merrow-tidelog", canonicalize_name(str(metadata["Name"])))
    looked.equal("Version", "1.4.0", str(metadata["Version"]))
    python = str(metadata["Requires-Python"])
    looked.that("Requires-Python: >=3.10", _same_versions(python, ">=3.10"), f"Requires-Python: {python}")
    needed = [str(line) for line in metadata.get_all("Requires-Dist", []) if not _is_extra(str(line))]
    looked.none("no dependencies", needed)


@check(points=15, clause=(2, 3), needs="test_builds")
def test_all_modules(built, installed, used, measured):
    """Sub-packages are in the wheel, and importable once installed."""
    why = "There is a package inside a package. Which setting names the second one to the build?"
    expect(built, why).that(", ".join(MODULES), set(MODULES) <= set(built.shipped), built.listed)
    expect_installed(installed, why)
    looked = expect(used, why)
    seen = looked.reported(Used)
    looked.equal(f"read({[measured[0]]})", measured[1], seen.read)


@check(points=15, clause=(2, 3), needs="test_builds")
def test_table(built, installed, used, changed):
    """The table is in the wheel, and load_table reads it once installed."""
    why = (
        "The build packs modules by itself, but no other files. Which setting names the table, and the package that "
        "it belongs to?"
    )
    expect(built, why).that(TABLE, TABLE in built.shipped, built.listed)
    expect_installed(installed, why)
    looked = expect(used, why)
    seen = looked.reported(Used)
    looked.equal('load_table("springs")', changed[0], seen.load_table)


@check(points=10, clause=2, needs="test_builds")
def test_no_tests(built):
    """The tests aren't in the wheel."""
    why = "The tests are for developers, but everybody who installs this wheel gets them. Which rule put them in?"
    tests = [name for name in built.shipped if "tests" in name.split("/") or name.endswith("/test_cli.py")]
    if any(name.startswith("tests/") for name in tests):
        why = "Everybody who installs this wheel gets a top-level package called tests. Which rule put it in?"
    looked = expect(built, why)
    looked.that("the package tidelog", "tidelog/__init__.py" in built.shipped, built.listed)
    looked.none("nothing of tests", tests)


@check(points=15, clause=3, needs="test_builds")
def test_command(installed, command, changed):
    """The installed command runs main, and its status is what main returns."""
    why = (
        "The command tidelog should run main of tidelog.cli from anywhere. Which setting makes an installation add a "
        "command?"
    )
    expect_installed(installed, why)
    expect(command, why).status(changed[1]).stdout(f"gauges: {changed[1]}")


@check(points=10, clause=4)
def test_setuptools(watched):
    """setup.py asks for setuptools, not for distutils."""
    looked = expect(
        watched, "Python 3.12 removed distutils. If the import still works, which other distribution provides it?"
    )
    seen = looked.reported(Watched)
    asked = [name.partition(".")[0] for name in seen.asked]
    came = f"it asked for {', '.join(asked) or 'nothing'}"
    looked.that("setup.py asks for setuptools", "setuptools" in asked, came)
    looked.that("setup.py does not ask for distutils", "distutils" not in asked, came)
    expect_setup_called(watched, seen)


@check(points=10, clause=4)
def test_version_of_setup_py(watched):
    """`python setup.py --version` prints 1.4.0."""
    looked = expect(watched, "setup.py was run with --version. Where does it get the version from?").status(0)
    last = "".join(watched.lines[-1:])
    looked.that("1.4.0 as the last line", last == "1.4.0", last or watched.printed)
    seen = looked.reported(Watched)
    expect_setup_called(watched, seen)
    looked.equal("the version that setup() was told", "1.4.0", seen.version)


def expect_setup_called(watched, seen):
    """What setup.py asks for and prints counts only if it is a setup.py."""
    looked = expect(watched, "An import of setuptools builds nothing. Which of its functions does the work?")
    looked.that("setup() is called", seen.version is not None, "it is not")


def _same_versions(found, wanted):
    try:
        return SpecifierSet(found) == SpecifierSet(wanted)
    except (ValueError, RecursionError):  # whatever the library makes of odd text
        return False


def _is_extra(line):
    """Whether a Requires-Dist line is of an extra, which nobody gets unasked."""
    try:
        marker = Requirement(line).marker
    except (ValueError, RecursionError):  # whatever the library makes of odd text
        return False
    return marker is not None and "extra ==" in str(marker)
