"""Checks of 16 namespace_package."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from grader.checks import Project, build_together, check, expect, expect_installed, filled, observation

PARTS = {
    "vendor_a": ("merrow_gear/winch/__init__.py", "merrow_gear/winch/rope.py"),
    "vendor_b": ("merrow_gear/crane/__init__.py",),
}
FOREIGN = {"vendor_a": "merrow_gear/crane", "vendor_b": "merrow_gear/winch"}
"""What belongs into the other maker's wheel."""
DISTRIBUTIONS = {"vendor_a": "merrow-gear-winch", "vendor_b": "merrow-gear-crane"}

CRANE_FIRST = """
import merrow_gear.crane as crane
import merrow_gear.winch as winch
from merrow_gear.winch.rope import diameter
from merrow_gear.HOOK import LOAD as hook
from merrow_gear.PULLEY import LOAD as pulley
files = [getattr(part, "__file__", None) for part in (winch, crane)]
brings = getattr(winch, "diameter", None) is diameter
load = getattr(winch, "DEFAULT_LOAD", "not there")
limits = [crane.limit(number) for number in ropes]
see({"loads": [hook, pulley], "load": load, "rope": diameter(3), "limits": limits, "files": files, "brings": brings})
"""

WINCH_FIRST = """
import merrow_gear.winch as winch
winch.DEFAULT_LOAD = load
import merrow_gear.crane as crane
from merrow_gear.HOOK import LOAD as hook
from merrow_gear.PULLEY import LOAD as pulley
see({"loads": [hook, pulley], "limits": [crane.limit(number) for number in ropes]})
"""

OTHERS_JOIN = """
import importlib, sys
def load_of(name):
    try:
        return importlib.import_module("merrow_gear." + name).LOAD
    except Exception as error:
        return f"{type(error).__name__}: {error}"
import merrow_gear.winch
seen = {"third": load_of(third)}
sys.path.append(folder)
seen["later"] = load_of(later)
see(seen)
"""

BOTH = """
from merrow_gear.winch.rope import diameter
from merrow_gear.winch.DRUM import LOAD as drum
from merrow_gear.crane import limit
from merrow_gear.crane.BOLTS import LOAD as bolts
see([diameter(3), drum, bolts, [limit(number) for number in ropes]])
"""


@dataclass
class Parts:
    """What CRANE_FIRST reports."""

    loads: list[Any]
    load: Any
    rope: Any
    limits: list[Any]
    files: list[Any]
    brings: bool


@dataclass
class Followed:
    """What WINCH_FIRST reports."""

    loads: list[Any]
    limits: list[Any]


@dataclass
class Quay:
    """A copy where each maker has one part more."""

    copy: Project
    hook: str
    pulley: str
    loads: list[int]

    def probe(self, body, *vendors, given):
        """Run lines that know the names of these parts, with the makers' folders on the path."""
        return self.copy.on_path(*vendors).probe(filled(body, HOOK=self.hook, PULLEY=self.pulley), given=given)


@dataclass
class Joined:
    """What OTHERS_JOIN reports."""

    third: Any
    later: Any


def ropes(project):
    """Numbers of ropes, others for each submission; 1 and 0 are among them."""
    return [project.varied("ropes").randrange(3, 30), 1, 0]


@observation
def quay(project):
    """A copy where each maker has one part more: what stands in for the other maker's part doesn't have it."""
    varied = project.varied("parts")
    hook, pulley = varied.names("hook", "pulley")
    loads = varied.sample(range(100, 1000), 2)
    files = {
        f"vendor_b/merrow_gear/{hook}/__init__.py": f"LOAD = {loads[0]}\n",
        f"vendor_a/merrow_gear/{pulley}/__init__.py": f"LOAD = {loads[1]}\n",
    }
    note = "\nand ".join(f"{name} says {text.strip()}" for name, text in files.items())
    return Quay(project.copy("the quay", note=note, files=files), hook, pulley, loads)


@observation
def crane_first(quay):
    """Both parts with `vendor_a` in front, the crane imported first."""
    numbers = ropes(quay.copy)
    return quay.loads, numbers, quay.probe(CRANE_FIRST, "vendor_a", "vendor_b", given={"ropes": numbers})


@observation
def winch_first(quay):
    """Both parts with `vendor_b` in front, and another load when the crane is imported."""
    numbers, load = ropes(quay.copy), quay.copy.varied("load").randrange(13, 80, 2) / 2
    seen = quay.probe(WINCH_FIRST, "vendor_b", "vendor_a", given={"load": load, "ropes": numbers})
    return quay.loads, [load * number for number in numbers], seen


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
    given = {"third": third, "folder": str(copy / "later"), "later": later}
    return loads, copy.on_path("makers/vendor_a", "third", "makers/vendor_b").probe(OTHERS_JOIN, given=given)


@observation
def more(project):
    """One module more in each maker's part: the path from the project, its name, and its load."""
    varied = project.varied("more")
    drum, bolts = varied.names("drum", "bolts")
    loads = varied.sample(range(100, 1000), 2)
    return {
        "vendor_a": (f"merrow_gear/winch/{drum}.py", drum, loads[0]),
        "vendor_b": (f"merrow_gear/crane/{bolts}.py", bolts, loads[1]),
    }


@observation
def clean(project, more):
    """A copy with these, and without what earlier builds have left: setuptools would pack it again."""

    def tidy(top):
        for vendor in PARTS:
            shutil.rmtree(top / vendor / "build", ignore_errors=True)

    files = {f"{vendor}/{path}": f"LOAD = {load}\n" for vendor, (path, _, load) in more.items()}
    note = "".join(f"\n{path} says {text.strip()}" for path, text in files.items())
    return project.copy("shipped", note=f"rm -rf vendor_?/build{note}", files=files, change=tidy)


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
def apart(project, more, installed_a, installed_b):
    """What the wheels hold, in two virtualenvs of which one reads the other's."""
    numbers, right = ropes(project), installed_b.virtualenv.site_packages
    body = filled(BOTH, DRUM=more["vendor_a"][1], BOLTS=more["vendor_b"][1])
    seen = installed_a.beside(installed_b).probe(body, given={"ropes": numbers}, env={"PYTHONPATH": right})
    return numbers, seen


@check(points=15, clause=1)
def test_winch_first(crane_first):
    """Both parts can be imported with vendor_a in front."""
    loads, _, seen = crane_first
    why = (
        "One part isn't found. Print merrow_gear.__path__: which folders are in it, and which file limits it to these?"
    )
    looked = expect(seen, why)
    found = looked.reported(Parts)
    looked.equal("diameter(3)", 14, found.rope)
    looked.equal("the list of LOAD in each maker's other part", loads, found.loads)


@check(points=15, clause=1)
def test_crane_first(winch_first):
    """Both parts can be imported with vendor_b in front."""
    loads, _, seen = winch_first
    why = "One part isn't found in this order. What does Python do at a folder with __init__.py, and at one without?"
    looked = expect(seen, why)
    found = looked.reported(Followed)
    numbers = all(isinstance(limit, (int, float)) for limit in found.limits)
    looked.that("numbers as the crane's limits", numbers, found.limits)
    looked.equal("the list of LOAD in each maker's other part", loads, found.loads)


@check(points=10, clause=2)
def test_third_supplier(joined):
    """A third supplier's part joins the two."""
    loads, seen = joined
    why = (
        "A third supplier came, whose name is in no file of yours. How does Python find the folders that belong "
        "together?"
    )
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
    _, numbers, as_it_is = crane_first
    _, changed, with_another = winch_first
    why = (
        "There must be one number for the load of a rope. In which module is it, and where does the crane look for it?"
    )
    looked = expect(as_it_is, why)
    parts = looked.reported(Parts)
    looked.equal("winch.DEFAULT_LOAD", 5, parts.load)
    what = f"the list of crane.limit(n) for n in {numbers}"
    looked.equal(what, [5 * number for number in numbers], parts.limits)
    looked = expect(with_another, why)
    looked.equal(what, changed, looked.reported(Followed).limits)


@check(points=5, clause=4)
def test_regular_inside(crane_first):
    """The winch and the crane themselves are regular packages."""
    _, _, seen = crane_first
    why = (
        "Several makers share the name merrow_gear, but each part belongs to one maker. Which folders need an "
        "__init__.py?"
    )
    looked = expect(seen, why)
    names = [str(file) for file in looked.reported(Parts).files]
    for part, name in zip(("winch", "crane"), names, strict=False):
        regular = name.endswith(str(Path(part, "__init__.py")))
        looked.that(f"{part}/__init__.py as the file of {part}", regular, name)
    looked.equal("whether winch.diameter is the one of rope.py", True, looked.reported(Parts).brings)


@check(points=20, clause=5)
def test_wheels(more, wheel_a, wheel_b):
    """Each wheel holds its own maker's part, and nothing else."""
    for vendor, build in (("vendor_a", wheel_a), ("vendor_b", wheel_b)):
        why = (
            f"These are the files that a customer of {vendor} gets. Which rule of its setup put each file in, or left "
            "it out?"
        )
        looked = expect(build, why)
        parts = (*PARTS[vendor], more[vendor][0])
        looked.that(", ".join(parts), set(parts) <= set(build.shipped), build.listed)
        strays = [name for name in build.shipped if is_stray(name, FOREIGN[vendor])]
        looked.none(f"nothing but the part of {vendor}", strays, "besides: ")
        looked = expect(
            build, f"A customer of {vendor} asks pip for it by name. Which file sets the name and the version?"
        )
        metadata = build.wheels[0].metadata
        came = [canonicalize_name(str(metadata["Name"])), str(metadata["Version"])]
        looked.equal("[Name, Version]", [DISTRIBUTIONS[vendor], "1.0"], came)


@check(points=10, clause=6)
def test_installed_apart(more, wheel_a, wheel_b, installed_a, installed_b, apart):
    """The wheels work together when each is installed in a place of its own."""
    why = "Each wheel is installed in another place. Which files did each of them bring, and is that all that it needs?"
    for build, installed in ((wheel_a, installed_a), (wheel_b, installed_b)):
        expect(build, why)
        expect_installed(installed, why)
    numbers, seen = apart
    wanted = [14, more["vendor_a"][2], more["vendor_b"][2], [5 * number for number in numbers]]
    what = f"[the rope's diameter, the two loads, the list of limit(n) for n in {numbers}]"
    expect(seen, why).reports(what, wanted)


def is_stray(name, foreign):
    """Whether a file has no business in a wheel."""
    package = name.removesuffix("c").removesuffix(".py")
    outside = not name.startswith("merrow_gear/")
    return outside or package == "merrow_gear/__init__" or name.startswith((f"{foreign}/", f"{foreign}."))
