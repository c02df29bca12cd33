"""Names that wait for their first use (PEP 810): what the x-ray sees of them, and what is said."""

import io

import pytest
from rich.console import Console

from grader.environment import interpreters
from grader.explaining.import_findings import findings
from grader.reports.xray import terminal
from grader.xray.tree.imports import Xray, all_steps

WAITING = [python for python in interpreters.find_all() if python.minor >= (3, 15)]
pytestmark = pytest.mark.skipif(not WAITING, reason="no Python here whose imports can wait: 3.15 or later")

DESK = """\
lazy from shop import till
lazy from shop.till import price as cost
lazy import shop.attic as attic, shop.cellar
def sell():
    return till.price
def ask():
    return cost
"""
FILES = {"shop/__init__.py": "", "shop/till.py": "price = 7", "shop/attic.py": "", "desk.py": DESK}


@pytest.fixture(params=WAITING, ids=lambda python: python.version)
def lazily(request, xray):
    """The first process of a program of these files, under a Python whose imports can wait."""

    def run(files, *words):
        return xray({**FILES, **files}, *words, python=request.param)[0]

    return run


def settled(process):
    """What became of each name that waited."""
    return {
        each.name: (each.became, each.file, each.line, each.function)
        for step in all_steps(process.steps)
        if step.kind == "statement" and step.file == "$PROJECT/desk.py"
        for each in step.waiting
    }


def uses(process):
    """Each use that led to a load: the name, where it is, since when it waited, and what was loaded."""
    return [
        (step.text, step.file, step.line, step.function, step.since, [load.name for load in step.loads])
        for step in all_steps(process.steps)
        if step.kind == "use"
    ]


def test_what_makes_a_name_real(lazily):
    """Of a name that waited it is known who used it first and what was loaded then, and which was never used."""
    process = lazily({"main.py": "import desk\ndesk.sell()\ndesk.ask()\n"})
    assert settled(process) == {
        "till": ("real", "$PROJECT/desk.py", 5, "sell"),
        "cost": ("real", "$PROJECT/desk.py", 7, "ask"),
        "attic": ("waiting", None, 0, None),
        "shop": ("waiting", None, 0, None),
    }
    assert uses(process) == [
        ("till", "$PROJECT/desk.py", 5, "sell", ("$PROJECT/desk.py", 1), ["shop"]),
        ("till", "$PROJECT/desk.py", 5, "sell", ("$PROJECT/desk.py", 1), ["shop.till"]),
    ]


@pytest.mark.parametrize("use", ["desk.till", "getattr(desk, 'till')", "from desk import till"])
def test_used_from_elsewhere(lazily, use):
    """It doesn't matter which module uses a name, or how."""
    process = lazily({"main.py": f"import desk\n\n{use}\n"})
    assert settled(process)["till"] == ("real", "$PROJECT/main.py", 3, None)


@pytest.mark.parametrize(
    ("line", "became"),
    [
        ("desk.till = 5", "other"),
        ("del desk.till", "gone"),
        ("vars(desk)['till']", "waiting"),
        ("dir(desk)", "waiting"),
    ],
)
def test_not_used(lazily, line, became):
    """What is replaced, deleted or only looked at was not used."""
    process = lazily({"main.py": f"import desk\n{line}\nprint()\n"})
    assert settled(process)["till"][0] == became
    assert not uses(process)


@pytest.mark.parametrize(
    "line", ["import shop.till", "importlib.import_module('shop.till')", "__import__('shop.till')"]
)
def test_imported_by_somebody_else(lazily, line):
    """An import of the same module is no use of a name that waits for it."""
    process = lazily({"main.py": f"import importlib, desk\n{line}\n"})
    assert settled(process)["till"][0] == "waiting"
    assert not uses(process)


def test_nothing_to_load(lazily):
    """A name whose module others have loaded meanwhile is made real without a load, at a line that is known."""
    process = lazily({"main.py": "import desk, shop.till\ndesk.sell()\n"})
    assert settled(process)["till"] == ("real", "$PROJECT/desk.py", 5, "sell")
    assert not uses(process)


def test_error_at_first_use(lazily):
    """An error that comes at the first use is told with the line of the import."""
    process = lazily({"main.py": "import desk\ndef look():\n    desk.attic\nlook()\n", "shop/attic.py": "1 / 0"})
    assert settled(process)["attic"] == ("failed", "$PROJECT/main.py", 3, "look")
    (step,) = [step for step in all_steps(process.steps) if step.kind == "use" and step.error]
    assert (step.text, step.since) == ("attic", ("$PROJECT/desk.py", 3))
    said = " ".join(said_of(process))
    assert "Line 3 of $PROJECT/main.py was the first to use attic, which line 3 of $PROJECT/desk.py left" in said


def test_everything_waits(lazily):
    """With `-X lazy_imports=all` plain statements wait, too; what stands in a try or a function doesn't."""
    lines = "import desk\ntry:\n    import shop\nfinally:\n    print(desk)\ndef f():\n    import shop.till\nf()\n"
    process = lazily({"main.py": lines}, "-X", "lazy_imports=all", "main.py")
    steps = [step for step in all_steps(process.steps) if step.file == "$PROJECT/main.py"]
    own = {step.text: [each.became for each in step.waiting] for step in steps}
    assert own["import desk"] == ["real"]
    assert own["import shop"] == own["import shop.till"] == []


@pytest.mark.parametrize(
    ("listed", "statement", "lazily_asked"),
    [
        ('["shop.till"]', "import shop.till", "list"),
        ('("shop",)', "from shop import till", "list"),
        ('{"shop.till"}', "from shop import till", "no"),
        ('["shop"]', "try: import shop\nfinally: pass", "never"),
        ("[]", "lazy import shop", "keyword"),
    ],
)
def test_how_it_is_asked(lazily, listed, statement, lazily_asked):
    """It is known whether a statement asks to wait: by the keyword, by the list, or by the list in vain."""
    process = lazily({"main.py": f"__lazy_modules__ = {listed}\n{statement}\n"})
    (step,) = [step for step in all_steps(process.steps) if step.kind == "statement" and step.file.endswith("main.py")]
    assert step.lazily == lazily_asked
    assert bool(step.waiting) == (lazily_asked in ("list", "keyword"))


def test_ignored(lazily):
    """It is said that a statement was to wait and did not, and why."""
    lines = (
        "import sys\nsys.set_lazy_imports_filter(lambda *of: False)\nlazy import shop\n"
        "__lazy_modules__ = ['shop.till']\ntry:\n    import shop.till\nfinally:\n    pass\n"
        "lazy from shop.till import price\n"
    )
    said = said_of(lazily({"main.py": lines}))
    for number, why in ((3, "a filter"), (6, "in a try"), (9, "what it names was loaded already")):
        assert any(f"Line {number} of $PROJECT/main.py was to wait, and did not: {why}" in each for each in said)


def test_shown(lazily):
    """A person sees which names waited, what made them real, and what nobody used."""
    process = lazily({"main.py": "import desk\ndesk.sell()\ndesk.till = 3\n"})
    console = Console(file=io.StringIO(), width=100)
    terminal.show(xray_of(process), console)
    shown = console.file.getvalue()
    for line in (
        "1  lazy from shop import till\n",
        "waits  till: used at line 5 in sell()",
        "waits  attic: never used, so nothing was imported",
        "$PROJECT/desk.py, line 5 in sell()  till is used, which waited",
        "since  line 1",
        "$PROJECT/desk.py left waiting, and so nobody imported",
    ):
        assert line in shown


def said_of(process):
    """The sentences at the end of an x-ray of one process."""
    return findings(xray_of(process))


def xray_of(process):
    """An x-ray of one process."""
    return Xray("shop", 1, "Shop", "3.15", "process", None, None, "", "", 0, "", "", [process], [])


def test_the_program_sees_the_same(desk):
    """Whether names wait, and what is in `sys.lazy_modules`, is the same with the recorder and without it."""
    lines = (
        "import sys, desk\nbefore = sorted(sys.lazy_modules)\ndesk.sell()\n"
        "print([type(vars(desk)[name]).__name__ for name in ('till', 'cost', 'attic', 'shop')], before, "
        "sorted(sys.lazy_modules), sys.get_lazy_imports())"
    )
    for options in ([], ["-X", "lazy_imports=all"]):
        plain, recorded = (
            desk({**FILES, "main.py": lines}, *options, "main.py", python=WAITING[-1], recorded=how).stdout
            for how in (False, True)
        )
        assert recorded == plain
