"""Checks of 21 sdist_and_wheel."""

from dataclasses import dataclass

from grader.checks import build_together, check, expect, expect_installed, observation

MODULES = ("logbook/__init__.py", "logbook/words.py")
PAGE = "logbook/templates/page.txt"
FOR_BUILDERS = (
    *MODULES, PAGE, "tests/test_log.py", "tests/helper.py", "tests/data.json", "docs/guide.md",
    "VERSION", "README.md", "CHANGELOG.md", "LICENSE",
)  # fmt: skip
COMPILED = (
    "logbook/__pycache__/words.cpython-310.pyc",
    "tests/__pycache__/helper.cpython-310.pyc",
    "tests/cases/__pycache__/storm.cpython-310.pyc",
)

WRITE = """
import logbook
see(logbook.page("Alma"))
"""


@dataclass(frozen=True)
class Season:
    """What a changed copy has that the given files don't."""

    version: str
    heading: str
    template: str
    more: tuple[str, ...]
    """Files in tests and docs: without an ending, hidden, with an ending that nobody knows, or called like what stays
    at home elsewhere; and one that makes docs a package."""

    @property
    def changes(self):
        """Its files, with their content."""
        page = f"{self.heading}\n{{ship}}: {{calls}}\n"
        more = dict.fromkeys((self.template, *self.more, *COMPILED), f"{self.heading}\n")
        return {"VERSION": f"{self.version}\n", PAGE: page} | more


@observation
def season(project):
    """A version, a page and files that are in no report yet."""
    numbers = project.varied("season")
    year, ship = numbers.randrange(1100, 1900), numbers.choice(("brig", "cutter", "lugger", "yawl"))
    return Season(
        ".".join(str(numbers.randrange(2, 60)) for _ in range(3)),
        f"Port Merrow, {ship} {year}",
        f"logbook/templates/{ship}.txt",
        (
            f"tests/cases/{year}/{ship}",
            f"tests/.{ship}rc",
            f"tests/cases/{ship}.env",
            f"docs/drawings/{ship}.d{year}",
            f"docs/_scratch/{ship}.txt",
            "docs/__init__.py",
        ),
    )


@observation
def changed(project, season):
    more = ", ".join((season.template, *season.more, *COMPILED))
    note = f"VERSION is {season.version}, {PAGE} begins with {season.heading!r}, and there are {more}"
    return project.copy("season", note=note, files=season.changes)


@observation
def built(changed):
    """The source distribution and the wheel."""
    return build_together(changed.sdist(), changed.wheel())


sdist, wheel = built.part(0), built.part(1)


@observation
def wheel_of_sdist(sdist):
    return sdist.build_wheel()


@observation
def installed(wheel_of_sdist):
    return wheel_of_sdist.install()


@observation
def written(installed):
    return installed.probe(WRITE)


@check(points=10, clause=1, alone=False)
def test_sdist_builds(sdist):
    """The source distribution can be built."""
    expect(sdist, "The source distribution can't be built. Which line of the output names something that is missing?")


@check(points=20, clause=2, needs="test_sdist_builds")
def test_wheel_from_sdist(wheel_of_sdist):
    """From the source distribution alone, a wheel can be built."""
    why = "Here the build has only the source distribution. Which file does it read that isn't there?"
    expect(wheel_of_sdist, why)


@check(points=15, clause=3, needs="test_sdist_builds")
def test_sdist_holds(season, sdist):
    """The source distribution holds all that somebody needs to build, test and read about the project."""
    looked = expect(
        sdist,
        "People who build from source also run the tests and read the texts. Which of your rules adds each file?",
    )
    wanted = (*FOR_BUILDERS, season.template, *season.more)
    missing = [name for name in wanted if name not in sdist.sdists[0].names]
    looked.none(f"a source distribution with {', '.join(wanted)}", missing, "one without ")


@check(points=15, clause=4, needs="test_sdist_builds")
def test_sdist_leaves_out(sdist):
    """The source distribution holds nothing private, and no bytecode."""
    looked = expect(
        sdist,
        "Everything in a source distribution is public for ever. Which of your rules adds this file, or leaves it out?",
    )
    names = sdist.sdists[0].names
    looked.that("the package in the source distribution", MODULES[0] in names, f"only {', '.join(names)}")
    wrong = [name for name in names if is_private(name)]
    looked.none("nothing private and nothing compiled in it", wrong, "in it: ")


@check(points=10, clause=5)
def test_wheel_holds(season, wheel):
    """The wheel has the project's version, and holds its modules and all templates."""
    looked = expect(
        wheel,
        "The wheel is for users of logbook. Which files does logbook run or read, and which setting adds each of them?",
    )
    looked.equal("the wheel's Version", season.version, str(wheel.wheels[0].metadata["Version"]))
    wanted = (*MODULES, PAGE, season.template)
    looked.that(f"a wheel with {', '.join(wanted)}", set(wanted) <= set(wheel.shipped), wheel.listed)


@check(points=15, clause=6)
def test_wheel_leaves_out(wheel):
    """The wheel holds nothing but the package, and of that nothing private or compiled."""
    looked = expect(
        wheel,
        "Everything in the wheel gets onto the disk of everyone who installs it. Which setting added these files?",
    )
    looked.that("the package in the wheel", MODULES[0] in wheel.shipped, wheel.listed)
    wrong = [name for name in wheel.shipped if is_private(name) or not name.startswith("logbook/")]
    looked.none("nothing that doesn't belong there", wrong, "in it: ")


@check(points=10, clause=7, needs="test_wheel_from_sdist")
def test_same_files(wheel, wheel_of_sdist):
    """The wheel from the project and the wheel from the source distribution hold the same files."""
    why = "The same version gives two different wheels. Which files does the build find in only one of the two places?"
    expect(wheel, why)
    looked = expect(wheel_of_sdist, why)
    here, there = (set(build.wheels[0].names) for build in (wheel, wheel_of_sdist))
    only = [f"only in the wheel from the project: {name}" for name in sorted(here - there)]
    only += [f"only in this one: {name}" for name in sorted(there - here)]
    looked.none("the same files as in the wheel from the project", only, between="\n")


@check(points=5, clause=8, needs="test_wheel_from_sdist")
def test_installed(season, installed, written):
    """Installed from the source distribution's wheel, it writes a page."""
    why = "It is installed, and there are no sources here. Which file does a page need besides the code?"
    expect_installed(installed, why)
    expect(written, why).reports('page("Alma")', f"{season.heading}\nAlma: 1 call\n")


def is_private(name):
    """Whether a file belongs into neither box."""
    parts = name.split("/")
    return "secrets.env" in parts or "__pycache__" in parts or name.startswith("logbook/_scratch/")
