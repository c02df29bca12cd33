"""Checks of 20 src_layout."""

import re
from dataclasses import dataclass
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from grader.checks import build_together, check, expect, expect_installed, observation

VERSION = "2.1.0"
LITERAL = re.compile(rb"(?<![\d.])2\.1\.0(?!\.?\d)")
COUNTED = (".py", ".toml", ".cfg", ".txt")

LOOK = """
import sys
from importlib.machinery import PathFinder
def found(path):
    spec = PathFinder.find_spec("quaylight", path)
    return spec and (spec.origin or f"only a folder, {spec.submodule_search_locations[0]}")
def version():
    try:
        import quaylight
        return quaylight.__version__, None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
seen = {"root": found(sys.path), "src": found(["src"])}
sys.path.insert(0, "src")
seen["version"], seen["error"] = version()
see(seen)
"""

VERSIONS = """
import importlib.metadata, quaylight
see([quaylight.__version__, importlib.metadata.version("merrow-quaylight")])
"""

# What an installation does with an editable wheel is to unpack it.
EDIT = """
import glob, shutil, tempfile
folder = tempfile.mkdtemp()
build = "import sys; from setuptools.build_meta import __legacy__; __legacy__.build_editable(sys.argv[1])"
built = run("python", "-c", build, folder)
for wheel in glob.glob(folder + "/*.whl"):
    shutil.unpack_archive(wheel, folder, "zip")
with open("src/quaylight/__init__.py", "a") as source:
    source.write("\\nEDITED = " + repr(sys.argv[1]) + "\\n")
look = "import site, sys; site.addsitedir(sys.argv[1]); import quaylight; print(quaylight.EDITED)"
used = run("python", "-c", look, folder, cwd=folder)
failed = built if built["status"] else used
see({"built": built["status"], "used": used["stdout"], "said": failed["stderr"].strip().splitlines()[-1:]})
"""


@dataclass
class Looked:
    """What LOOK reports."""

    root: str | None
    src: str | None
    version: Any = None
    error: str | None = None

    @property
    def in_src(self):
        """Whether the package is there."""
        return self.src is not None and self.src.endswith("__init__.py")


@dataclass
class Edited:
    """What EDIT reports."""

    built: int
    used: str
    said: list[str]


@observation
def readme(project):
    """A README that is in no report yet."""
    number = project.varied("readme").randrange(1000, 10000)
    return f"# Quay lights, edition {number}\n\nTwo long for the ferry. Lamp number {number}.\n"


@observation
def release(project, readme):
    note = f"README.md holds {readme!r}"
    return project.copy("release", note=note, files={"README.md": readme})


@observation
def builds(release, next_release):
    """The wheel of the release and, where it is clear which version that has, that of the next one."""
    following = [next_release[1].wheel()] if next_release else []
    return build_together(release.wheel(), *following)


built = builds.part(0)


@observation
def installed(built):
    return built.install()


@observation
def command(installed):
    return installed.script("quaylight", "--version")


@observation
def module(installed):
    return installed.python("-m", "quaylight", "--version")


@observation
def literals(project):
    """The files that hold the version, and how often."""
    files = [path for path in project.path.rglob("*") if path.is_file()]
    counted = [path for path in files if path.name.endswith(COUNTED) or path.name == "VERSION"]
    counts = {path.relative_to(project.path): len(LITERAL.findall(path.read_bytes())) for path in sorted(counted)}
    return {name.as_posix(): count for name, count in counts.items() if count}


@observation
def next_release(project, literals):
    """The version of another release, and a copy; None where it is not clear where the version stands."""
    if list(literals.values()) != [1]:
        return None
    (name,) = literals
    numbers = project.varied("release")
    version = ".".join(str(numbers.randrange(3, 90)) for _ in range(3))

    def change(copy):
        path = copy / name
        path.write_bytes(LITERAL.sub(version.encode(), path.read_bytes()))

    return version, project.copy("next release", note=f"{name!r} has {version} for {VERSION}", change=change)


@observation
def next_built(builds):
    return builds[1] if len(builds) > 1 else None


@observation
def next_installed(next_built):
    return next_built and next_built.install()


@observation
def next_versions(next_installed):
    return next_installed and next_installed.probe(VERSIONS)


@observation
def next_command(next_installed):
    return next_installed and next_installed.script("quaylight", "--version")


@observation
def looked(project):
    """In the project's folder, at first without `src` on the path."""
    return project.probe(LOOK, cwd=project.path)


@observation
def word(project):
    return f"lamp {project.varied('edit').randrange(1000, 10000)}"


@observation
def edited(project, word):
    return project.in_toolchain().workshop(EDIT, word, long=True)


@check(points=5, clause=1, alone=False)
def test_builds(built):
    """Building it gives one wheel."""
    expect(built, "The build stopped, or made nothing. Which line of its output names something that is missing?")


@check(points=10, clause=1, needs="test_builds")
def test_metadata(built):
    """The wheel's metadata is right: name, version, the Python it needs."""
    looked = expect(
        built, "Compare the wheel's METADATA with the contract. Which of your files sets each of these lines?"
    )
    metadata = built.wheels[0].metadata
    looked.equal("Name", "merrow-quaylight", canonicalize_name(str(metadata["Name"])))
    looked.equal("Version", VERSION, str(metadata["Version"]))
    python = str(metadata["Requires-Python"])
    looked.that("Requires-Python: >=3.10", _same_versions(python, ">=3.10"), f"Requires-Python: {python}")


@check(points=10, clause=1, needs="test_builds")
def test_description(built, readme):
    """The wheel's description is the README."""
    looked = expect(
        built,
        "People who find quaylight in an index read its description. Which setting names that file?",
    )
    metadata = built.wheels[0].metadata
    description = f"{metadata.get('Description', '')}\n{metadata.get_payload()}".strip()
    same = readme.split() == description.split()
    looked.that(f"the description {readme!r}", same, f"the description {description!r}")


@check(points=5, clause=1, needs="test_builds", alone=False)
def test_only_the_package(built):
    """The wheel holds the package, and nothing beside it."""
    looked = expect(
        built, "People who install the wheel get everything in it. Which setting adds files that aren't quaylight?"
    )
    looked.that("quaylight/__init__.py in the wheel", "quaylight/__init__.py" in built.shipped, built.listed)
    more = [name for name in built.shipped if not name.startswith("quaylight/")]
    looked.none("nothing but quaylight in the wheel", more, "also ")


@check(points=10, clause=2)
def test_src(looked):
    """In the project's folder it can't be imported; with `src` on the path it can."""
    why = (
        "Tests that run in this folder use what import finds first. What can import find here, and where should that "
        "be?"
    )
    seen = (looking := expect(looked, why)).reported(Looked)
    looking.that("no quaylight in the project's folder", seen.root is None, f"found: {seen.root}")
    looking.that("the package quaylight in src", seen.in_src, f"found there: {seen.src or 'nothing'}")


@check(points=15, clause=3, needs="test_builds")
def test_commands(built, installed, command, module):
    """Installed, the command and the module print the version."""
    why = (
        "After the installation it should print its version. Where does your code get the version, and under which "
        "name?"
    )
    expect(built, why)
    expect_installed(installed, why)
    for seen in (command, module):
        expect(seen, why).status(0).stdout(f"quaylight {VERSION}")


@check(points=20, clause=4, needs="test_builds")
def test_one_source(literals, built, next_release, next_built, next_installed, next_versions, next_command):
    """The version is written in one place, and everything follows it."""
    why = (
        "The next release must need only one edit. In which places is the version written, and where does each part "
        "get it?"
    )
    looked = expect(built, why)
    places = ", ".join(f"{name}: {count}" for name, count in literals.items()) or "nowhere"
    looked.that(f"{VERSION} exactly once in the project", next_release is not None, places)
    version, _ = next_release
    looked = expect(next_built, why)
    looked.equal("the wheel's Version", version, str(next_built.wheels[0].metadata["Version"]))
    expect_installed(next_installed, why)
    expect(next_versions, why).reports("what the installed package and its metadata say", [version, version])
    why = "The package has the new version, but its command doesn't. Where does the command get its version?"
    said = version in next_command.stdout.split()
    expect(next_command, why).that(f"{version} from quaylight --version", said, next_command.printed)


@check(points=10, clause=5)
def test_not_installed(looked):
    """Used from src without being installed, it can be imported and has some version."""
    why = "Here nothing is installed, so there is no metadata. What does your package use as its version then?"
    seen = (looking := expect(looked, why)).reported(Looked)
    looking.that("the package quaylight in src", seen.in_src, f"found there: {seen.src or 'nothing'}")
    looking.that("`import quaylight` succeeds, and has a __version__", seen.error is None, seen.error)
    fine = isinstance(seen.version, str) and bool(seen.version)
    looking.that("a string in __version__", fine, f"__version__ is {seen.version!r}")


@check(points=15, clause=6)
def test_editable(project, word, edited):
    """Installed as an editable project, it follows its source."""
    why = "The source was edited after the installation. Where does an editable installation look for the source?"
    looked = expect(edited, why)
    seen = looked.reported(Edited)
    named = (project / "pyproject.toml").is_file() or (project / "setup.py").is_file()
    looked.that("a project, which has pyproject.toml or setup.py", named, "a folder with neither of them")
    came = f"build: exit status {seen.built}; then: {seen.used.strip() or ' '.join(seen.said)}"
    looked.that(f"an edit that can be seen: {word}", seen.built == 0 and seen.used.strip() == word, came)


def _same_versions(found, wanted):
    try:
        return SpecifierSet(found) == SpecifierSet(wanted)
    except (ValueError, RecursionError):  # whatever the library makes of odd text
        return False
