"""Checks of 16 namespace_package."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.checks import build_together, check, expect, expect_installed, filled, observation

PARTS = {
    "vendor_a": ("merrow_gear/winch/__init__.py", "merrow_gear/winch/rope.py"),
    "vendor_b": ("merrow_gear/crane/__init__.py",),
}
FOREIGN = {"vendor_a": "merrow_gear/crane", "vendor_b": "merrow_gear/winch"}
"""What belongs into the other maker's wheel."""

CRANE_FIRST = """
import merrow_gear.crane as crane
import merrow_gear.winch as winch
from merrow_gear.winch.rope import diameter
files = [getattr(part, "__file__", None) for part in (winch, crane)]
load = getattr(winch, "DEFAULT_LOAD", "not there")
see({"load": load, "rope": diameter(3), "limit": crane.limit(ROPES), "files": files})
"""

WINCH_FIRST = """
import merrow_gear.winch as winch
winch.DEFAULT_LOAD = LOAD
import merrow_gear.crane as crane
see(crane.limit(ROPES))
"""

OTHERS_JOIN = """
import importlib, sys
def load_of(name):
    try:
        return importlib.import_module("merrow_gear." + name).LOAD
    except Exception as error:
        return f"{type(error).__name__}: {error}"
import merrow_gear.winch
seen = {"third": load_of(THIRD)}
sys.path.append(sys.argv[1])
seen["later"] = load_of(LATER)
see(seen)
"""

BOTH = """
from merrow_gear.winch.rope import diameter
from merrow_gear.crane import limit
see([diameter(3), limit(ROPES)])
"""


@dataclass
class Parts:
    """What CRANE_FIRST reports."""

    load: Any
    rope: Any
    limit: Any
    files: list[str | None]


@dataclass
class Joined:
    """What OTHERS_JOIN reports."""

    third: Any
    later: Any


def ropes(project):
    """A number of ropes, another for each submission."""
    return project.varied("ropes").randrange(3, 30)


@observation
def crane_first(project):
    """Both parts with `vendor_a` in front, the crane imported first."""
    copy = project.copy("the quay").on_path("vendor_a", "vendor_b")
    return ropes(project), copy.probe(filled(CRANE_FIRST, ROPES=ropes(project)))


@observation
def winch_first(project):
    """Both parts with `vendor_b` in front, and another load when the crane is imported."""
    load = project.varied("load").randrange(6, 40)
    body = filled(WINCH_FIRST, LOAD=load, ROPES=ropes(project))
    return load * ropes(project), project.on_path("vendor_b", "vendor_a").probe(body)


@observation
def joined(project):
    """Two more suppliers; one stands on the path from the beginning, one comes later."""
    varied = project.varied("suppliers")
    third, later = varied.names("capstan", "davit")
    loads = varied.sample(range(10, 100), 2)
    first, second = f"third/merrow_gear/{third}/__init__.py", f"later/merrow_gear/{later}/__init__.py"
    note = f"{first} says LOAD = {loads[0]},\nand {second} says LOAD = {loads[1]}"
    files = {first: f"LOAD = {loads[0]}\n", second: f"LOAD = {loads[1]}\n"}
    copy = project.copy("harbour", inside="makers", note=note, files=files)
    body = filled(OTHERS_JOIN, THIRD=f'"{third}"', LATER=f'"{later}"')
    return loads, copy.on_path("makers/vendor_a", "third", "makers/vendor_b").probe(body, copy / "later")


@observation
def clean(project):
    """A copy without what earlier builds have left: setuptools would pack it again."""

    def tidy(top):
        for vendor in PARTS:
            shutil.rmtree(top / vendor / "build", ignore_errors=True)

    return project.copy("shipped", note="rm -rf vendor_?/build", change=tidy)


@observation
def built(clean):
    """The wheels of both vendors."""
    return build_together(*(clean.part(vendor).wheel() for vendor in PARTS))


wheel_a, wheel_b = built.part(0), built.part(1)


@observation
def installed_a(wheel_a):
    return wheel_a.install(variable="LEFT")


@observation
def installed_b(wheel_b):
    return wheel_b.install(variable="RIGHT")


@observation
def apart(project, installed_a, installed_b):
    """What the wheels hold, in two virtualenvs of which one reads the other's."""
    body = filled(BOTH, ROPES=ropes(project))
    right = installed_b.virtualenv.site_packages
    return ropes(project), installed_a.beside(installed_b).probe(body, env={"PYTHONPATH": right})


@check(points=15, clause=1)
def test_winch_first(crane_first):
    """Both parts can be imported with vendor_a in front."""
    _, seen = crane_first
    why = "One part isn't found. Print merrow_gear.__path__: which folders are in it, and who says that it has no more?"
    looked = expect(seen, why)
    looked.equal("diameter(3)", 14, looked.reported(Parts).rope)


@check(points=15, clause=1)
def test_crane_first(winch_first):
    """Both parts can be imported with vendor_b in front."""
    _, seen = winch_first
    why = "One part isn't found in this order. What does Python do at a folder with __init__.py, and at one without?"
    looked = expect(seen, why)
    limit = looked.reported()
    looked.that("a number as the crane's limit", isinstance(limit, (int, float)), limit)


@check(points=10, clause=2)
def test_third_supplier(joined):
    """A third supplier's part joins the two."""
    loads, seen = joined
    why = "A third supplier came, and nobody had heard of them. Who knows which folders belong together?"
    looked = expect(seen, why)
    looked.equal("the third supplier's LOAD", loads[0], looked.reported(Joined).third)


@check(points=10, clause=2)
def test_later_supplier(joined):
    """A part joins even if its folder is put on sys.path after the first import."""
    loads, seen = joined
    why = "sys.path has grown since the first import. When is the list of merrow_gear's folders computed?"
    looked = expect(seen, why)
    looked.equal("the later supplier's LOAD", loads[1], looked.reported(Joined).later)


@check(points=15, clause=3)
def test_one_load(crane_first, winch_first):
    """The load is kept in one place, and the crane asks for it there."""
    number, as_it_is = crane_first
    changed, with_another = winch_first
    why = "There should be one number for the load of a rope. Where does it live, and where does the crane look for it?"
    looked = expect(as_it_is, why)
    parts = looked.reported(Parts)
    looked.equal("winch.DEFAULT_LOAD", 5, parts.load)
    looked.equal(f"crane.limit({number})", 5 * number, parts.limit)
    expect(with_another, why).reports(f"crane.limit({number})", changed)


@check(points=5, clause=4)
def test_regular_inside(crane_first):
    """The winch and the crane themselves are regular packages."""
    _, seen = crane_first
    why = "Others share the name outside, nobody shares the names inside. Which folders are one maker's alone?"
    looked = expect(seen, why)
    names = [str(file) for file in looked.reported(Parts).files]
    for part, name in zip(("winch", "crane"), names, strict=False):
        regular = name.endswith(str(Path(part, "__init__.py")))
        looked.that(f"{part}/__init__.py as the file of {part}", regular, name)


@check(points=20, clause=5)
def test_wheels(wheel_a, wheel_b):
    """Each wheel holds its own maker's part, and nothing else."""
    for vendor, build in (("vendor_a", wheel_a), ("vendor_b", wheel_b)):
        why = f"This is what a customer of {vendor} gets. Which rule of its setup put each file in, or left it out?"
        looked = expect(build, why)
        looked.that(", ".join(PARTS[vendor]), set(PARTS[vendor]) <= set(build.shipped), build.listed)
        strays = [name for name in build.shipped if is_stray(name, FOREIGN[vendor])]
        looked.none(f"nothing but the part of {vendor}", strays, "besides: ")


@check(points=10, clause=6)
def test_installed_apart(wheel_a, wheel_b, installed_a, installed_b, apart):
    """The wheels work together when each is installed in a place of its own."""
    why = "Each wheel is installed in a place of its own. What did each of them bring, and is it all that it needs?"
    for build, installed in ((wheel_a, installed_a), (wheel_b, installed_b)):
        expect(build, why)
        expect_installed(installed, why)
    number, seen = apart
    expect(seen, why).reports("[the rope's diameter, the crane's limit]", [14, 5 * number])


def is_stray(name, foreign):
    """Whether a file has no business in a wheel."""
    package = name.removesuffix("c").removesuffix(".py")
    outside = not name.startswith("merrow_gear/")
    return outside or package == "merrow_gear/__init__" or name.startswith((f"{foreign}/", f"{foreign}."))
