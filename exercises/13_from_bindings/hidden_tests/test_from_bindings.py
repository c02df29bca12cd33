"""Checks of 13 from_bindings."""

from dataclasses import dataclass
from string import capwords
from typing import Any

from grader.checks import Ran, check, expect, observation

LEVEL = """
from signalbox import state
state.raise_level(first)
state.horn = horn = object()
from signalbox.bridge import current
levels = [current()]
state.raise_level(0)
levels += [current()]
state.raise_level(second)
levels += [current(), current()]
state.LEVEL = third
levels += [current(), state.LEVEL]
see({"levels": levels, "horn": state.horn is horn})
"""

HORN = """
from itertools import count
from signalbox import state
from signalbox.bridge import sound
heard, counted, blast = [sound()], count(), object()
def hear(answer):
    state.horn = lambda: [next(counted), answer][1]
    return sound()
heard += [hear(answer) for answer in answers]
same = hear(blast) is blast
see({"heard": heard, "same": same, "calls": next(counted)})
"""

COMPILE = """
see(run("python", "-m", "compileall", "-q", "signalbox"))
"""

STAR = """
space = {}
exec("from signalbox.flags import *", space)
del space["__builtins__"]
import signalbox.flags
see({"bound": space, "spoken": [signalbox.flags.spoken(text) for text in texts]})
"""

NAMES = """
from signalbox import flags
from signalbox.deck import names
def outcome(ask):
    try:
        return ask()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def star():
    space = {}
    exec("from signalbox.flags import *", space)
    return sorted(space.keys() - {"__builtins__"})
has_list = "__all__" in vars(flags)
brought, listed = outcome(star), outcome(names)
def names_of(chosen):
    flags.__all__ = chosen
    return names()
setattr(flags, flag, "pilot on board")
seen = [names_of([flag, "_MAYDAY", "ALPHA"])]
seen.append(names_of([]))
seen.append(names_of(["_MAYDAY", flag, "BRAVO", "ALPHA"]))
types, left = [type(each).__name__ for each in seen], flags.__all__
see({"has_list": has_list, "brought": brought, "listed": listed, "names": seen, "types": types, "left": left})
"""

PUBLIC = """
import contextlib
import signalbox.deck
def public():
    return sorted(name for name in vars(signalbox.deck) if not name.startswith("_"))
before = public()
with contextlib.suppress(Exception):
    signalbox.deck.names()
see([before, public()])
"""

FLAGS = {"ALPHA": "diver down", "BRAVO": "dangerous goods", "_MAYDAY": "distress"}


@dataclass
class Levels:
    """What LEVEL reports."""

    levels: Any
    horn: bool


@dataclass
class Horns:
    """What HORN reports; what is heard may be anything."""

    heard: list[Any]
    same: bool
    calls: int


@dataclass
class Star:
    """What STAR reports; what is bound may be anything."""

    bound: dict[str, Any]
    spoken: list[Any]


@dataclass
class Names:
    """What NAMES reports."""

    has_list: bool
    brought: Any
    listed: Any
    names: list[Any]
    types: list[str]
    left: Any


@observation
def levels(project):
    found = project.varied("levels").sample(range(1, 10), 3)
    return found, project.on_path().probe(LEVEL, given=dict(zip(("first", "second", "third"), found, strict=True)))


@observation
def horns(project):
    random = project.varied("horns")
    blasts = random.sample(range(2, 30), 2)
    answers = [f"{blasts[0]} short blasts", blasts[1], None, 0, "", []]
    random.shuffle(answers)
    return answers, project.on_path().probe(HORN, given={"answers": answers})


@observation
def compiled(project):
    return project.workshop(COMPILE).shown_as("python -m compileall -q signalbox")


@observation
def star(project):
    random = project.varied("texts")
    words = random.sample(["pilot", "ON", "board", "man", "Overboard", "keep", "CLEAR", "2nd"], 4)
    texts = ["the diver's  flag", " ".join(words), f" {words[1]}\t{words[0]}-{words[2]}\n", ""]
    return texts, project.on_path().probe(STAR, given={"texts": texts})


@observation
def names(project):
    flag = project.varied("flag").name("Charlie")
    return flag, project.on_path().probe(NAMES, given={"flag": flag})


@observation
def public(project):
    return project.on_path().probe(PUBLIC)


@check(points=20, clause=1)
def test_level(levels):
    """The bridge shows the level that is hoisted, in whatever way it was set."""
    (first, second, third), seen = levels
    why = (
        "Somebody hoists another level, and the bridge is asked again. Which name was bound anew, and which name "
        "does your code read?"
    )
    wanted = [first, 0, second, second, third, third]
    looked = expect(seen, why)
    found = looked.reported(Levels)
    looked.equal("the list of what the bridge shows, and of state.LEVEL in the end,", wanted, found.levels)
    looked = expect(seen, "The levels are right. What else is in state, and what did your function change there?")
    looked.that("state.horn is the one that was put there", found.horn, "another one")


@check(points=20, clause=2)
def test_horn(horns):
    """The bridge sounds the horn that is there."""
    answers, seen = horns
    why = "The horn was replaced, several times. When did the bridge get the function that it calls?"
    found = expect(seen, why).reported(Horns)
    wanted = ["one long blast", *answers]
    if any(each == came for each, came in zip(answers, found.heard[1:], strict=False)):
        why = (
            "Some horns give the right answer, and others don't. What happens to the answer before it reaches the "
            "caller?"
        )
    looked = expect(seen, why)
    looked.equal("the list of what is heard", wanted, found.heard)
    looked.equal("whether sound() returns the same object", True, found.same)
    why = "The answers are right, but the horn sounds too often. How often does one call of sound() call it?"
    expect(seen, why).equal("how often the new horns are called", len(answers) + 1, found.calls)


@check(points=15, clause=4)
def test_compiles(compiled, public):
    """The whole package compiles, and the deck can be imported."""
    why = "A file that doesn't compile can't be imported. What is the compiler's message, and which line is it about?"
    looked = expect(compiled, why)
    looked.ended("compileall", looked.reported(Ran))
    looked = expect(public, why)
    before, _ = looked.reported(tuple[list[str], list[str]])
    looked.that("names among the attributes of deck", "names" in before, ", ".join(before) or "none")


@check(points=20, clause=3)
def test_star_import(star):
    """A star import of the flags brings the three of them; `spoken` stays in the module."""
    texts, seen = star
    why = "A star brought the flags. Which list decides about the names, and which rule decides if there is no list?"
    looked = expect(seen, why)
    found = looked.reported(Star)
    looked.equal("the sorted list of names that the star brings", sorted(FLAGS), sorted(found.bound))
    looked.equal("what they stand for", FLAGS, found.bound)
    looked = expect(seen, "spoken was right before. What did it do with strings like these, and what does it do now?")
    looked.equal("the list of what flags.spoken makes of them", [capwords(text) for text in texts], found.spoken)


@check(points=15, clause=5)
def test_names(names):
    """The deck lists what a star import would bring, as it is at the time."""
    flag, seen = names
    why = "The flags were changed while the program ran. What does the deck look at, and when?"
    looked = expect(seen, why)
    found = looked.reported(Names)
    if found.has_list and isinstance(found.brought, list):  # else the flags are to blame: that is the star's check
        looked.equal("names() at the beginning", found.brought, found.listed)
    wanted = [sorted(each) for each in ([flag, "ALPHA", "_MAYDAY"], [], [flag, "ALPHA", "BRAVO", "_MAYDAY"])]
    looked.equal("the list of what names() gives for each new list", wanted, found.names)
    looked.equal("the list of their types", ["list"] * 3, found.types)
    looked = expect(seen, "The names are right, but a list in flags has changed. Which list did you sort?")
    looked.equal("flags.__all__ in the end", ["_MAYDAY", flag, "BRAVO", "ALPHA"], found.left)


@check(points=10, clause=6)
def test_deck_is_tidy(public):
    """The deck offers `names` and nothing else."""
    why = "An import also binds a name in its module. Which names are bound in deck, and by which lines?"
    looked = expect(public, why)
    before, after = looked.reported(tuple[list[str], list[str]])
    looked.equal("the list of the attributes of deck without an underscore", ["names"], before)
    why = "Before names() was called, there were no other names. Which names does your function bind in the module?"
    expect(public, why).equal("the list of these attributes after a call of names()", ["names"], after)
