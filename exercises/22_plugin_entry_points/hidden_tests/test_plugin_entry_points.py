"""Checks of 22 plugin_entry_points."""

import json
import shlex
import shutil
from dataclasses import dataclass, replace

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.checks import Installed, build_together, check, expect, expect_installed, observation

GROUP = "merrow_horn.sounds"


@dataclass(frozen=True)
class Market:
    """A virtualenv with the horn and the sounds of suppliers that nobody has heard of."""

    installed: Installed
    works: str
    """The module of a supplier's whose sound can be played."""
    bell: str
    """That sound."""
    ring: str
    """What it sounds like, without the white space at its ends."""
    string: str
    """The very string."""
    broken: tuple[str, ...]
    """Sounds that can't be played."""
    ring_for_others: str
    """An entry point of that supplier's in another group."""


@observation
def clean(project):
    """A copy without what earlier builds have left: setuptools would pack it again."""

    def tidy(top):
        for part in ("core", "fog"):
            shutil.rmtree(top / part / "build", ignore_errors=True)

    return project.copy("shop", note="rm -rf core/build fog/build", change=tidy)


@observation
def built(clean):
    """The wheels of the horn and of its supplier."""
    return build_together(clean.part("core").wheel(), clean.part("fog").wheel())


core, fog = built.part(0), built.part(1)


@observation
def alone(core):
    return core.install()


@observation
def buoy(project):
    """A sound of another supplier's, installed beside the fog."""
    return project.varied("buoy").name("buoy", "-")


@observation
def together(core, fog, buoy):
    supplier = buoy.replace("-", "_")
    files = {f"{supplier}.py": ["def float(): return 'bob'"]}
    lines = [f"[{GROUP}]", f"{buoy} = {supplier}:float"]
    return with_files(core.install(fog), files | described(supplier, lines))


@observation
def market(project, core):
    varied = project.varied("suppliers")
    bell, *broken = varied.names("bell", "Gong", "drum", "anvil", "rattle", "whistle", between="-")
    other = bell.capitalize()
    ring = f"{varied.name('ding', ' ')}\ndong"
    works, scrap, forge, heap, mute, gone = varied.names("brass_works", "scrapyard", "forge", "heap", "library", "ruin")
    gong, drum, anvil, rattle, whistle = broken
    string = f"  {ring} \n"
    loaded = 'import sys; print(__name__, "is loaded", file=sys.stderr)'
    files = {
        f"{works}/__init__.py": [loaded],
        f"{works}/foundry.py": [f"class Bell: ring = staticmethod(lambda: {json.dumps(string)})"],
        f"{scrap}.py": [loaded, "class Rust(Exception): pass", 'raise Rust("nothing else is here")'],
        # To look a sound up can fail in these ways, too, but that isn't what happened here.
        f"{heap}.py": [loaded, "class Dust(KeyError, IndexError, ValueError, StopIteration): pass", "raise Dust"],
        f"{forge}.py": [loaded, "class Cracked(Exception): pass", 'def strike(): raise Cracked("the anvil has")'],
    }
    hit = f"{works}.foundry:Bell.ring"
    # All of one supplier: in which order several are found depends on the disk.
    sounds = [f"{bell} = {hit}", f"{gong} = {scrap}:hit", f"{drum} = {forge}:no_such_drum", f"{anvil} = {forge}:strike"]
    sounds += [f"{rattle} = {heap}:shake", f"{whistle} = {gone}:blow"]
    files |= described(works, [f"[{GROUP}]", *sounds, f"[{GROUP}_of_old]", f"{other} = {hit}"])
    files |= described(mute)
    return Market(with_files(core.install(), files), works, bell, ring, string, tuple(broken), other)


def described(name, entry_points=()):
    """What an installation notes of a distribution; most have no entry points, and no file of them."""
    noted = {f"{name}-1.0.dist-info/METADATA": ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]}
    return noted | ({f"{name}-1.0.dist-info/entry_points.txt": entry_points} if entry_points else {})


def with_files(installed, files):
    """The same with more files among the installed ones, which have names that nobody else can have."""
    site_packages = installed.virtualenv.site_packages
    recipe = [*installed.recipe, 'cd "$(python -c \'import sysconfig; print(sysconfig.get_path("purelib"))\')"']
    for name, lines in files.items():
        path = site_packages / name
        if not path.parent.exists():
            path.parent.mkdir()
            recipe.append(f"mkdir {path.parent.name}")
        path.write_text("".join(f"{line}\n" for line in lines))
        recipe.append(f"printf '%s\\n' {shlex.join(lines)} > {name}")
    return replace(installed, recipe=tuple(recipe))


@observation
def alone_by_command(alone):
    return alone.script("merrow-horn", "list")


@observation
def alone_by_module(alone):
    return alone.python("-m", "merrow_horn", "list")


@observation
def listed(together):
    return together.script("merrow-horn", "list")


@observation
def played(together):
    return together.python("-m", "merrow_horn", "play", "fog")


@observation
def market_listed(market):
    return market.installed.python("-m", "merrow_horn", "list")


@observation
def bell_played(market):
    return market.installed.python("-m", "merrow_horn", "play", market.bell)


@observation
def broken_played(market):
    return [market.installed.python("-m", "merrow_horn", "play", name) for name in market.broken]


@observation
def unknown_played(market):
    """The name of something else, and the beginning of a sound's name."""
    installed, part = market.installed, market.bell[:-1]
    by_command = installed.script("merrow-horn", "play", market.ring_for_others)
    return by_command, installed.python("-m", "merrow_horn", "play", part)


@check(points=15, clause=(1, 2))
def test_horn_alone(core, alone, alone_by_command, alone_by_module, buoy, listed, market, market_listed):
    """Without any supplier the horn works, and lists nothing."""
    why = (
        "Only the horn is installed. What does it require when it is installed, and what does it import when it starts?"
    )
    looked = expect(core, why)
    needed = [line for line in core.wheels[0].metadata.get_all("Requires-Dist", []) if is_fog(str(line))]
    expect_name(looked, core, "merrow-horn")
    looked.none("merrow-horn doesn't require merrow-fog", needed)
    expect_installed(alone, why)
    for seen in (alone_by_command, alone_by_module):
        looked = expect(seen, why).status(0).that("nothing on stdout", not seen.stdout, seen.stdout.strip("\n"))
    somewhere = buoy in listed.lines or market.bell in market_listed.lines
    looked.that("an empty list here, though not where sounds are installed", somewhere, "an empty list everywhere")


@check(points=15, clause=(1, 2))
def test_fog_is_listed(core, fog, together, buoy, listed):
    """Once merrow-fog is installed, its sound is listed."""
    why = (
        "fog was installed beside the horn. Which entry points are in its metadata, and which group does the horn "
        "ask for?"
    )
    expect(core, why)
    expect_name(expect(fog, why), fog, "merrow-fog")
    expect_installed(together, why)
    looked = expect(listed, why).status(0)
    looked.that(f"fog and {buoy} in the list, in any order", sorted(listed.lines) == [buoy, "fog"], listed.printed)


@check(points=10, clause=3, alone=False)
def test_fog_is_played(core, fog, together, played):
    """The sound of merrow-fog is played."""
    why = (
        "The horn must call what fog offers. To which object does the entry point lead, and can it be called without "
        "arguments?"
    )
    for build in (core, fog):
        expect(build, why)
    expect_installed(together, why)
    expect(played, why).status(0).stdout("BRRROOOM")


@check(points=15, clause=4)
def test_other_suppliers(core, market, market_listed, bell_played):
    """Sounds of unknown suppliers are listed in order, and played."""
    why = "The horn doesn't know these suppliers by name. Where can it find their sounds, if not in its own code?"
    expect_market(core, market, why)
    expect(market_listed, why).status(0).stdout(*sorted((market.bell, *market.broken)))
    expect(bell_played, why).status(0).stdout(market.ring)
    looked = expect(
        bell_played, "All words of the string were printed. What else is in the string, and what happened to it?"
    )
    # Printed with a line end of its own, or written as it is.
    looked.that(
        f"the string {market.string!r}",
        bell_played.stdout.removesuffix("\n") in (market.string, market.string[:-1]),
        repr(bell_played.stdout),
    )


@check(points=20, clause=6)
def test_broken_suppliers(core, market, market_listed, bell_played, broken_played):
    """A sound that can't be loaded, or fails, doesn't stop the others."""
    why = (
        "Some suppliers' code is broken. In how many ways can other people's code fail, and which of them does your "
        "code handle?"
    )
    expect_market(core, market, why)
    names = set(market_listed.stdout.split())
    looked = expect(market_listed, why).status(0)
    looked.that(f"the names {', '.join(market.broken)}", names >= set(market.broken), market_listed.printed)
    expect(bell_played, why).status(0).stdout(market.ring)
    for seen in broken_played:
        expect(seen, why).status(3).complains()
        quiet = "stderr has only the line that the supplier's module prints. Which of your lines prints what was wrong?"
        own = [line for line in seen.stderr.splitlines() if line not in loaded(seen)]
        expect(seen, quiet).that("a message on stderr", "".join(own).strip(), "; ".join(loaded(seen)))


@check(points=10, clause=5)
def test_unknown_sound(core, market, market_listed, unknown_played):
    """`play` with a name that no sound has ends with status 2."""
    why = "The horn can't even list its sounds, so its answer for an unknown name proves nothing. What stops it?"
    expect_market(core, market, why)
    expect(market_listed, why).status(0)
    why = (
        "No sound has exactly this name. An entry point of another group has it, or a sound has a longer name. Where "
        "does the horn look for it, and which line sets the status?"
    )
    for seen in unknown_played:
        expect(seen, why).status(2).complains()


@check(points=15, clause=7)
def test_nothing_loaded_early(core, market, market_listed, bell_played, unknown_played):
    """`list` loads no supplier's module, and `play` loads only the one that it needs."""
    why = (
        "Every supplier's module prints a line on stderr when it is loaded. Which of your lines load one, and for "
        "which sound?"
    )
    expect_market(core, market, why)
    looked = expect(market_listed, why).status(0)
    looked.that(f"{market.bell} in the list", market.bell in market_listed.stdout.split(), market_listed.printed)
    looked.none("no supplier's module loaded to list them", loaded(market_listed), between="; ")
    looked = expect(bell_played, why).status(0).stdout(market.ring)
    wanted = [f"{market.works} is loaded"]
    looked.that(
        f"only {market.works} loaded to play {market.bell}",
        loaded(bell_played) == wanted,
        "; ".join(loaded(bell_played)),
    )
    why = "Nothing was played here: no sound has exactly this name. Which modules must be loaded to find that out?"
    for seen in unknown_played:
        looked = expect(seen, why)
        # Whoever takes the entry point of another kind for a sound loads its module, and loses another check for it.
        others = [line for line in loaded(seen) if line not in wanted]
        looked.none("no supplier's module loaded to look for it", others, between="; ")


def expect_name(looked, build, name):
    """The wheel is of the distribution of that name."""
    looked.equal("the wheel's Name", name, canonicalize_name(str(build.wheels[0].metadata["Name"])))


def expect_market(core, market, why):
    """The horn could be installed among the suppliers."""
    expect(core, why)
    expect_installed(market.installed, why)


def loaded(seen):
    """What the suppliers' modules have said when they were loaded."""
    return [line for line in seen.stderr.splitlines() if line.endswith(" is loaded")]


def is_fog(line):
    """Whether a Requires-Dist line makes whoever installs the horn install the fog, extras aside."""
    try:
        needed = Requirement(line)
    except (ValueError, RecursionError):  # whatever the library makes of odd text
        return False
    return canonicalize_name(needed.name) == "merrow-fog" and "extra ==" not in str(needed.marker or "")
