"""Checks of 30 dependencies_and_extras."""

import shlex
import shutil
import tomllib
from dataclasses import dataclass, replace
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from grader.checks import check, expect, expect_installed, observation

NAME = "merrow-signals"
PYTHONS = ("3.10.0", "3.10.13", "3.11.0", "3.12.4", "3.13.1", "3.14.2", "3.15.0")
PLATFORMS = {"linux": ("posix", "Linux"), "win32": ("nt", "Windows")}
PARTS = ("merrow-lamp", "merrow-radio", "merrow-serial")
TOOLS = ("merrow-drill", "merrow-lint")

PLAIN = """
import merrow_signals
hoisted = merrow_signals.hoist(text)
settings = merrow_signals.settings(toml)
see([hoisted, settings])
"""

FULL = """
import sys
runs = []
def note(event, about):
    if event == "exec" and about[0].co_name == "<module>":
        runs.append(about[0].co_filename)
sys.addaudithook(note)
import merrow_signals
hoisted = merrow_signals.hoist(text)
settings = merrow_signals.settings(toml)
early = [file for file in runs if file.endswith(("site-packages/merrow_lamp.py", "site-packages/merrow_radio.py"))]
see([hoisted, settings, early])
"""

WITH_PARTS = """
import merrow_signals
blinked = merrow_signals.blink(text)
called = merrow_signals.call(text)
see([blinked, called])
"""

WITHOUT_PARTS = """
import merrow_signals
def outcome(ask):
    try:
        return ["returned", repr(ask())]
    except merrow_signals.MissingExtra as error:
        return ["MissingExtra", str(error), isinstance(error, ImportError)]
    except Exception as error:
        return [type(error).__name__, str(error)]
blinked = outcome(lambda: merrow_signals.blink(text))
called = outcome(lambda: merrow_signals.call(text))
see([blinked, called])
"""

BROKEN = """
import merrow_signals
def outcome(ask):
    try:
        return ["returned", repr(ask())]
    except merrow_signals.MissingExtra as error:
        return ["MissingExtra", str(error)]
    except Exception as error:
        return [type(error).__name__, str(error)]
blinked = outcome(lambda: merrow_signals.blink(text))
called = outcome(lambda: merrow_signals.call(text))
see([blinked, called])
"""

EXTRAS = """
import merrow_signals
found = merrow_signals.extras()
see([type(found).__name__, [*found]])
"""


@dataclass(frozen=True)
class Mast:
    """What others' modules do, and what they are asked: other values for each submission."""

    text: str
    flags: str
    lamp: str
    radio: str
    toml: str
    settings: dict[str, Any]
    faults: dict[str, tuple[str, str]]
    """How a lamp and a radio can fail: the type and the text of what they raise, by a word that chooses it."""
    modules: dict[str, list[str]]
    """The lines of the lamp and the radio that fail, by the name of the file."""


@observation
def mast(project):
    draws = project.varied("mast")
    text, flags, lamp, radio = draws.names("sos", "flag", "lamp", "radio", between="-")
    station, wick, burnt = draws.names("station", "wick", "burnt")
    height = draws.randrange(10, 90)
    settings = {"mast": {"station": station, "heights": [height, height + 1], "lit": True}}
    toml = f'# settings\n[mast]\nstation = "{station}"\nheights = [{height}, {height + 1}]\nlit = true\n'
    faults = {
        "oil": ("ModuleNotFoundError", f"No module named '{wick}'"),
        "glass": ("ImportError", f"cannot import name '{wick}' from"),
        "flame": ("Burnt", burnt),
        "lens": ("ModuleNotFoundError", "No module named 'merrow_"),
        "smoke": ("ModuleNotFoundError", burnt),
        "late": ("ModuleNotFoundError", f"No module named '{wick}'"),
    }
    lines = [
        "import os",
        'fault = os.environ["FAULT"]',
        'class Burnt(Exception): """It is broken."""',
        f'if fault == "oil": import {wick}',
        f'elif fault == "glass": exec(f"from {{__name__}} import {wick}")',
        f'elif fault == "flame": raise Burnt("{burnt}")',
        f'elif fault == "lens": exec(f"import {{__name__}}.{wick}")',
        f'elif fault == "smoke": raise ModuleNotFoundError("{burnt}")',
        "def blink(text):",
        f"    import {wick}",
        "call = blink",
    ]
    modules = {"merrow_lamp.py": lines, "merrow_radio.py": lines}
    return Mast(text, flags, lamp, radio, toml, settings, faults, modules)


@observation
def clean(project):
    """A copy without what earlier builds have left: setuptools would pack it again."""

    def tidy(top):
        shutil.rmtree(top / "build", ignore_errors=True)

    return project.copy("shop", note="rm -rf build", change=tidy)


@observation
def built(clean):
    return clean.build_wheel()


@observation
def needed(project, mast):
    """The files of what is needed without extras."""
    files = described("merrow-flags", "2.5") | {
        "merrow_flags.py": [f"def spell(text): return f'{mast.flags}: {{text}}'"]
    }
    if project.virtualenv.interpreter.version.startswith("3.10."):
        answers = {mast.toml: mast.settings}
        files |= described("merrow-toml", "1.2")
        files |= {"merrow_toml.py": [f"def loads(text): return {answers!r}[text]"]}
    return files


@observation
def plain(built, needed):
    """Nothing but what is always needed."""
    return with_files(built.install(), needed)


@observation
def full(built, mast, needed):
    """With a lamp and a radio."""
    files = {
        "merrow_lamp.py": [f"def blink(text): return f'{mast.lamp}: {{text}}'"],
        "merrow_radio.py": [f"def call(text): return f'{mast.radio}: {{text}}'"],
    }
    parts = described("merrow-lamp", "1.6") | described("merrow-radio", "0.3")
    return with_files(built.install(), needed | parts | files)


@observation
def broken(built, mast, needed):
    """With a lamp and a radio that fail."""
    parts = described("merrow-lamp", "1.6") | described("merrow-radio", "0.3")
    return with_files(built.install(), needed | parts | mast.modules)


@observation
def extra(project):
    """Two extras that nobody has heard of: one is named twice, and the other one needs nothing."""
    return project.varied("extra").names("horn", "whistle", between="-")


@observation
def more(built, needed, extra):
    """With two other extras in the installed metadata."""
    installed = with_files(built.install(), needed)
    found = sorted(installed.virtualenv.site_packages.glob("*.dist-info/METADATA"))
    own = [path for path in found if path.parent.name.lower().startswith("merrow_signals-")]
    twice, bare = extra
    lines = [
        f"Provides-Extra: {twice}",
        f"Requires-Dist: merrow-brass; extra == '{twice}'",
        f"Requires-Dist: merrow-reed; extra == '{twice}'",
        f"Provides-Extra: {twice}",
        f"Provides-Extra: {bare}",
    ]
    for path in own:
        head, blank, body = path.read_text(encoding="utf-8", errors="replace").partition("\n\n")
        path.write_text("\n".join([head.rstrip("\n"), *lines]) + (blank or "\n") + body, encoding="utf-8")
    note = f"# merrow_signals-*.dist-info/METADATA has these lines more in its head: {shlex.join(lines)}"
    return replace(installed, recipe=(*installed.recipe, note))


def described(name, version):
    """What an installation notes of a distribution."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    return {f"{folder}/METADATA": ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]}


def with_files(installed, files):
    """The same with more files among the installed ones."""
    site_packages = installed.virtualenv.site_packages
    recipe = [*installed.recipe, 'cd "$(python -c \'import sysconfig; print(sysconfig.get_path("purelib"))\')"']
    for name, lines in files.items():
        path = site_packages / name
        if path.is_dir():
            shutil.rmtree(path)
        if not path.parent.exists():
            path.parent.mkdir()
            recipe.append(f"mkdir {path.parent.name}")
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        recipe.append(f"printf '%s\\n' {shlex.join(lines)} > {name}")
    return replace(installed, recipe=tuple(recipe))


@observation
def plain_used(plain, mast):
    return plain.probe(PLAIN, given={"text": mast.text, "toml": mast.toml})


@observation
def full_used(full, mast):
    return full.probe(FULL, given={"text": mast.text, "toml": mast.toml})


@observation
def parts_missing(plain, mast):
    return plain.probe(WITHOUT_PARTS, given={"text": mast.text})


@observation
def parts_used(full, mast):
    return full.probe(WITH_PARTS, given={"text": mast.text})


@observation
def missing_by_command(plain, mast):
    """The status, and what is said, where neither lamp nor radio is installed."""
    return {part: plain.python("-m", "merrow_signals", word, mast.text) for word, part in WORDS.items()}


@observation
def used_by_command(full, mast):
    """The same where they are installed."""
    return {part: full.python("-m", "merrow_signals", word, mast.text) for word, part in WORDS.items()}


WORDS = {"blink": "lamp", "call": "radio"}


@observation
def lamp_broken(broken, mast):
    """What comes out of blink and call, for each fault."""
    return {fault: broken.probe(BROKEN, given={"text": mast.text}, env={"FAULT": fault}) for fault in mast.faults}


@observation
def broken_by_command(broken, mast):
    """The same by command: the lamp with each fault, and the radio with one."""
    tried = [*(("blink", fault) for fault in mast.faults), ("call", "oil")]
    return [
        (WORDS[word], broken.python("-m", "merrow_signals", word, mast.text, env={"FAULT": fault}))
        for word, fault in tried
    ]


@observation
def extras_named(plain):
    return plain.probe(EXTRAS)


@observation
def more_named(more):
    return more.probe(EXTRAS)


@observation
def groups(project):
    """The dependency groups of pyproject.toml; None if that can't be read."""
    try:
        text = (project / "pyproject.toml").read_bytes().decode("utf-8")
        found = tomllib.loads(text).get("dependency-groups", {})
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else {}


def requirements(build):
    """What the wheel asks for; lines that nobody can read are left out, since pip refuses such a wheel."""
    found = []
    for line in build.wheels[0].metadata.get_all("Requires-Dist", []):
        try:
            found.append(Requirement(str(line)))
        except (ValueError, RecursionError):  # whatever the library makes of odd text
            found.append(Requirement("unreadable"))
    return found


def needs(build, python, platform, extra=""):
    """The requirements that count on a Python and a platform with an extra or without one, by name."""
    system, long = PLATFORMS[platform]
    version = ".".join(python.split(".")[:2])
    environment = {
        "python_version": version,
        "python_full_version": python,
        "implementation_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": platform,
        "os_name": system,
        "platform_system": long,
    }
    found, seen, waiting = {}, set(), [extra]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for each in requirements(build):
            if each.marker and not holds(each.marker, environment | {"extra": name}):
                continue
            if canonicalize_name(each.name) == NAME:
                waiting += map(canonicalize_name, each.extras)
            else:
                found.setdefault(canonicalize_name(each.name), []).append(each)
    return found


def holds(marker, environment):
    """Whether a marker holds there."""
    try:
        return marker.evaluate(environment)
    except (ValueError, LookupError):  # of the library: a name that nobody knows, or one that is no version
        return False


def takes(requirements, version):
    """Whether all requirements of one distribution take that version."""
    return all(not each.url and each.specifier.contains(version, prereleases=True) for each in requirements)


def wrong_versions(requirements, taken, refused):
    """Versions that are taken and must not be, or the other way round."""
    wrong = [f"version {version} is refused" for version in taken if not takes(requirements, version)]
    return wrong + [f"version {version} is accepted" for version in refused if takes(requirements, version)]


def is_taken(python, requires_python):
    """Whether that Python can install a wheel which asks for some."""
    try:
        return SpecifierSet(requires_python).contains(python)
    except ValueError:
        return False


def everywhere():
    """Each Python with each platform."""
    return [(python, platform) for python in PYTHONS for platform in PLATFORMS]


@check(points=15, clause=1)
def test_always_needed(project, built):
    """The wheel holds the package, and everybody needs merrow-flags in the right versions, and nothing more."""
    why = "Somebody installs merrow-signals without any extra. What do they get with it, and which versions of it?"
    looked = expect(built, why)
    looked.equal("the wheel's Name", NAME, canonicalize_name(str(built.wheels[0].metadata["Name"])))
    expect_package(looked, built)
    middle = project.varied("flags").randrange(2, 9)
    taken, refused = (
        ("2.1", "2.1.3", f"2.{middle}", f"2.{middle}.1", "2.10", "2.99"),
        ("1.9", "2.0", "2.0.9", "3.0", "3.0.1", "4.2"),
    )
    for python, platform in everywhere():
        found = needs(built, python, platform)
        where = f"on Python {python}, {platform}, without extras"
        names = sorted(set(found) - {"merrow-toml"})
        looked.equal(f"what is needed {where}, merrow-toml aside", ["merrow-flags"], names)
        wrong = wrong_versions(found["merrow-flags"], taken, refused)
        looked.none("merrow-flags from 2.1 on and below 3", wrong, f"{where}: ")


@check(points=10, clause=2)
def test_old_pythons(project, built):
    """Pythons before 3.11 need merrow-toml, and no others do."""
    why = "Some Pythons have tomllib and others don't. Which line decides on which Pythons merrow-toml is installed?"
    looked = expect(built, why)
    asked = str(built.wheels[0].metadata["Requires-Python"] or "")
    refusing = [python for python in PYTHONS if not is_taken(python, asked)]
    looked.none(
        f"a wheel that Python {' and '.join(PYTHONS)} can install", refusing, f"Requires-Python: {asked} refuses "
    )
    more = project.varied("toml").randrange(2, 30)
    for python, platform in everywhere():
        found = needs(built, python, platform).get("merrow-toml", [])
        wanted = python.startswith("3.10.")
        words = "needed" if wanted else "not needed"
        came = "not needed" if wanted else "needed"
        looked.that(f"merrow-toml is {words} on Python {python}, {platform}", bool(found) == wanted, came)
        wrong = wrong_versions(found, ("1", "1.0.1", f"1.{more}", f"{more}"), ("0.1", "0.9.9")) if wanted else []
        looked.none("merrow-toml in version 1 or later", wrong, f"on Python {python}, {platform}: ")


@check(points=15, clause=3)
def test_extras(project, built):
    """There are three extras, and each asks for what it should."""
    looked = expect(
        built, "Somebody installs merrow-signals[all]. Which distributions are asked for then, by which names?"
    )
    names = sorted({canonicalize_name(str(name)) for name in built.wheels[0].metadata.get_all("Provides-Extra", [])})
    looked.equal("the list of extras", ["all", "lamp", "radio"], names)
    more = project.varied("lamp").randrange(5, 30)
    lamps = ("1.4", "1.4.2", f"1.{more}", "2.0"), ("1.3", "1.3.9", "0.9")
    anything = ("0.1", f"1.{more}", "7.2"), ()
    for python, platform in everywhere():
        radio = {"merrow-radio": anything} | ({"merrow-serial": anything} if platform == "win32" else {})
        lamp = {"merrow-lamp": lamps}
        always = needs(built, python, platform)
        for extra, wanted in {"lamp": lamp, "radio": radio, "all": lamp | radio}.items():
            found = needs(built, python, platform, extra)
            where = f"with [{extra}] on Python {python}, {platform}"
            beyond = sorted(set(found) - set(always) | (set(wanted) & set(found)))
            looked.equal(f"what is needed {where}, beyond what is always needed", sorted(wanted), beyond)
            for name, (taken, refused) in wanted.items():
                wrong = wrong_versions(found[name], taken, refused)
                looked.none(f"{name} in the right versions", wrong, f"{where}: ")


@check(points=10, clause=4)
def test_groups(project, built, groups):
    """What only developers need is in two groups of pyproject.toml, and not in the wheel."""
    why = "Users never need the tools of developers. Which table for them isn't published with the wheel?"
    looked = expect(built, why)
    looked.that("a pyproject.toml that can be read", groups is not None, "none, or one that is no TOML")
    listed = resolved(groups)
    for group, wanted in (("test", ["merrow-drill"]), ("dev", ["merrow-drill", "merrow-lint"])):
        found = listed(group)
        names = sorted({canonicalize_name(each.name) for each in found}) if found is not None else None
        came = "no such group, or one that can't be read" if names is None else ", ".join(names) or "nothing"
        looked.that(f"the group {group} holds {' and '.join(wanted)}", names == wanted, came)
        drills = [each for each in found if canonicalize_name(each.name) == "merrow-drill"]
        wrong = wrong_versions(drills, ("3", "3.0.4", "4.1"), ("2.9", "1.0"))
        looked.none(f"in the group {group}, merrow-drill in version 3 or later", wrong)
    sail = project.varied("groups").name("merrow-sail", "-")
    key = next(name for name in groups if canonicalize_name(name) == "test")
    follows = resolved(groups | {key: [sail]})("dev")
    names = sorted(canonicalize_name(each.name) for each in follows or [])
    wanted = ["merrow-lint", sail]
    question = f"If test held {sail} instead, what would dev hold, and would somebody have to change it?"
    expect(built.seen, question).equal(f"what dev holds, if test holds {sail} instead", wanted, names)
    told = sorted({canonicalize_name(each.name) for each in requirements(built)} & set(TOOLS))
    looked.none("a wheel that asks for none of these tools", told, "it asks for ")


def resolved(groups):
    """What looks up the requirements of a group, with all that it includes; None for one that is missing or wrong."""
    by_name = {canonicalize_name(str(name)): lines for name, lines in groups.items()}

    def look_up(name, above=()):
        name = canonicalize_name(name)
        lines = by_name.get(name)
        if not isinstance(lines, list) or name in above:
            return None
        found = []
        for line in lines:
            if isinstance(line, str):
                more = read(line)
            elif isinstance(line, dict) and set(line) == {"include-group"} and isinstance(line["include-group"], str):
                more = look_up(line["include-group"], (*above, name))
            else:
                more = None
            if more is None:
                return None
            found += more
        return found

    return look_up


def read(line):
    """A requirement as a list of one; None if nobody can read it."""
    try:
        return [Requirement(line)]
    except (ValueError, RecursionError):
        return None


@check(points=15, clause=5)
def test_without_extras(built, plain, full, mast, plain_used, full_used):
    """It hoists and reads settings without lamp and radio, and imports neither of them for that."""
    expect_environment(built, plain)
    why = "Only the flags are installed here. Which of your lines imports something else, and when?"
    wanted = [f"{mast.flags}: {mast.text}", mast.settings]
    expect(plain_used, why).reports("what hoist and settings return", wanted)
    why = "No line calls blink or call. Which of your lines imported a lamp or a radio?"
    expect_environment(built, full)
    looked = expect(full_used, why)
    seen = looked.reported(list[Any])
    looked.equal("what hoist and settings return, with everything installed", wanted, seen[:2])
    looked.none("neither lamp nor radio imported", seen[2], "imported: ")


@check(points=15, clause=6)
def test_lamp_and_radio(built, plain, full, mast, parts_missing, parts_used, missing_by_command, used_by_command):
    """It blinks and calls if it can; otherwise its message names the extra that is missing."""
    expect_environment(built, plain)
    expect_environment(built, full)
    why = "Lamp and radio are installed here. What do blink and call do with what these two return?"
    answers = {"lamp": f"{mast.lamp}: {mast.text}", "radio": f"{mast.radio}: {mast.text}"}
    expect(parts_used, why).reports("what blink and call return", [*answers.values()])
    why = "Neither is installed here. What does the import raise, and which message tells users what to install?"
    looked, texts = expect(parts_missing, why), {}
    for word, came in zip(WORDS, looked.reported(list[list[Any]]), strict=False):
        named = f"{NAME}[{WORDS[word]}]"
        good = len(came) == 3 and came[0] == "MissingExtra" and named in str(came[1]) and came[2] is True
        looked.that(f"from {word} a MissingExtra, derived from ImportError, whose text has {named} in it", good, came)
        texts[WORDS[word]] = str(came[1])
    for part, seen in used_by_command.items():
        why = f"The {part} is installed here. How does its answer get from main to the terminal?"
        expect(seen, why).status(0).stdout(answers[part])
    for part, seen in missing_by_command.items():
        why = f"The {part} isn't installed here. Which line prints the message, and which sets the status?"
        looked = expect(seen, why).status(3).complains()
        said = " ".join(texts[part].split()) in " ".join(seen.stderr.split())
        looked.that(f"on stderr {texts[part]!r}", said, seen.stderr.strip())
        looked.that("no traceback", "Traceback (most" not in seen.stderr, "a traceback")


@check(points=10, clause=7)
def test_broken_lamp(built, broken, mast, lamp_broken, broken_by_command):
    """If a lamp or a radio is installed but broken, the message doesn't say that it is missing."""
    expect_environment(built, broken)
    why = "Lamp and radio are installed here, and fail. Which exception means that there is no lamp at all?"
    for fault, seen in lamp_broken.items():
        looked = expect(seen, why)
        kind, text = mast.faults[fault]
        for word, came in zip(WORDS, looked.reported(list[list[Any]]), strict=False):
            right = len(came) == 2 and came[0] == kind and str(came[1]).startswith(text)
            looked.that(f"from {word} {kind}: {text}", right, ": ".join(map(str, came)))
    why = "Lamp and radio are installed here, and fail. What do users read, and is that the real reason?"
    for part, seen in broken_by_command:
        looked = expect(seen, why)
        looked.that("an exit status other than 0 and 3", seen.status not in (0, 3), f"exit status {seen.status}")
        looked.none("no missing extra on stderr", [NAME] * (f"{NAME}[{part}]" in seen.stderr), "it names ")


@check(points=10, clause=8)
def test_extras_of_the_installed(built, plain, more, extra, extras_named, more_named):
    """extras() lists the extras in the installed metadata."""
    why = (
        "An installed distribution has its metadata beside it. Where does your list come from, and is each name in "
        "it once?"
    )
    expect_environment(built, plain)
    declared = sorted({str(name) for name in built.wheels[0].metadata.get_all("Provides-Extra", [])})
    expect(extras_named, why).reports("extras(), with its type", ["list", declared])
    expect_environment(built, more)
    expect(more_named, why).reports("extras(), with its type", ["list", sorted([*declared, *extra])])


def expect_package(looked, build):
    """The wheel holds the package and nothing else."""
    has = {"merrow_signals/__init__.py", "merrow_signals/__main__.py"} <= set(build.shipped)
    looked.that("merrow_signals/__init__.py and merrow_signals/__main__.py in the wheel", has, build.listed)
    others = [name for name in build.shipped if not name.startswith("merrow_signals/")]
    looked.none("nothing but merrow_signals in the wheel", others, "in it: ")


def expect_environment(build, installed):
    """The wheel could be built and installed."""
    why = "The wheel can't be built or installed. What does the message name, and which file of yours has it?"
    expect(build, why)
    expect_installed(installed, why)
