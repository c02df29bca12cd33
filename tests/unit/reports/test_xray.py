"""What an x-ray says: the tree for a terminal, the sentences below it, and JSON."""

import io
import json

import msgspec
import pytest
from rich.console import Console

from grader.explaining.import_findings import findings
from grader.reports.xray import json_report, terminal
from grader.xray.tree.imports import Asked, Bytecode, Execution, Found, Half, Load, Place, Process, Search, Step, Xray
from grader.xray.tree.recorder_lines import lines_of
from grader.xray.tree.tree_builder import processes

PATH = ["$PROJECT/bin", "$PYTHON/lib/python3.12"]
USUAL = ["BuiltinImporter", "FrozenImporter", "PathFinder"]


def search(name, *answers, path=PATH, along="sys.path", origin=None, loader="SourceFileLoader", places=None):
    """A search of the path, by what its entries said."""
    entries = [
        Place(entry, "FileFinder", answer) if isinstance(answer, str) else answer
        for entry, answer in zip(path, answers, strict=False)
    ]
    asked = [Asked(USUAL[0], "no"), Asked(USUAL[1], "no"), Asked(USUAL[2], "module" if origin else "no", entries)]
    found = Found("PathFinder", loader, origin, places) if origin or places else None
    return Search(name, along, path, USUAL, asked, found)


def statement(line, text, means, *found, steps=(), error=None, file="$PROJECT/bin/report.py", **fields):
    """An import statement, and what it loaded."""
    return Step(
        "statement", file, line, 1, 2000, text=text, means=means, loads=list(found), steps=list(steps), error=error,
        module="__main__", **fields,
    )  # fmt: skip


def load(found, *steps, name=None, error=None, file=None, **fields):
    """A module that was searched, and run if it was found."""
    origin = found.found.origin if found.found is not None else None
    ran = None
    if found.found is not None:
        code = Bytecode("none", origin, None, None)
        ran = Execution(found.name, "", found.found.loader, file or origin, 1500, code, steps=list(steps), **fields)
    return Load(name or found.name, found, ran, error)


def of(*steps, error=None, status=0, stderr="", trouble=(), unseen=(), more=()):
    """The x-ray of a program with these steps."""
    ran = Execution("__main__", None, None, "$PROJECT/bin/report.py", 9000, steps=list(steps))
    program = Step("program", "$PROJECT/bin/report.py", 0, 1, 9000, means="__main__", error=error)
    program.loads = [Load("__main__", None, ran, error)]
    return Xray(
        "path_appending", 1, "The shelf", "3.12.1", "bubblewrap", "It runs.", "failed", "python bin/report.py",
        "$PROJECT", status, "", stderr, [Process(["python"], [program], list(unseen)), *more], list(trouble),
    )  # fmt: skip


def printed(seen, width=80, **options):
    """The lines that a terminal of that width shows."""
    stream = io.StringIO()
    terminal.show(seen, Console(file=stream, width=width, highlight=False, emoji=False, markup=False), **options)
    return stream.getvalue().splitlines()


MISSING = "ModuleNotFoundError: No module named 'soundings'"


def test_not_found():
    """A learner sees where it was searched, in order, and reads the reason below."""
    step = statement(
        8, "from soundings import depth_at", "soundings", load(search("soundings", "no", "no"), error=MISSING)
    )
    step.error = MISSING
    seen = of(step, error=MISSING, status=1, stderr=f"Traceback\n{MISSING}")
    assert printed(seen) == [
        "",
        "01 path_appending, Python 3.12.1",
        "It runs. (failed)",
        "python bin/report.py",
        "",
        "$PROJECT/bin/report.py runs as __main__  ModuleNotFoundError",
        "└── 8  from soundings import depth_at  ModuleNotFoundError",
        "    asked  BuiltinImporter no, FrozenImporter no; PathFinder:",
        "             sys.path[0] $PROJECT/bin: no",
        "             sys.path[1] $PYTHON/lib/python3.12: no",
        f"    error  {MISSING}",
        "",
        f"Exit status 1; {MISSING}",
        "-  Python found no module `soundings`: it isn't built in, and none of the 2",
        "   places on sys.path has it.",
    ]


def test_found_and_in_sys_modules():
    """What is found is shown with its place and its run; what was there already takes one line."""
    found = search("soundings", "module", origin="$PROJECT/bin/soundings.py")
    shelf = statement(2, "import sys", "sys", standing="loaded", origin="built-in")
    again = statement(
        3, "from soundings import low", "soundings", standing="loaded", origin="$PROJECT/bin/soundings.py"
    )
    assert printed(of(statement(1, "import soundings", "soundings", load(found)), shelf, again))[6:12] == [
        "├── 1  import soundings",
        "│   asked  BuiltinImporter no, FrozenImporter no; PathFinder:",
        "│            sys.path[0] $PROJECT/bin: soundings.py",
        "│   ran    in 1.5 ms, no cache, __package__ ''",
        "├── 2  import sys: in sys.modules",
        "└── 3  from soundings import low: in sys.modules, from $PROJECT/bin/soundings.py",
    ]


def test_repeated():
    """A statement that finds the same each time is shown once, with how often it ran."""
    again = [statement(2, "import sys", "sys", standing="loaded") for _ in range(1500)]
    assert printed(of(*again))[6] == "└── 2  import sys: in sys.modules (1,500 times)"


def library(name, *steps):
    """A module of the standard library."""
    return load(search(name, "no", "module", origin=f"$PYTHON/lib/python3.12/{name}.py"), *steps)


def call(*found):
    """An import of the standard library's own."""
    return Step("call", "$PYTHON/lib/python3.12/json.py", 5, 1, 100, means=found[0].name, loads=list(found))


def test_standard_library_is_folded():
    """The standard library's own imports are counted, and unfolded on demand."""
    seen = of(statement(1, "import json", "json", library("json", call(library("re")))))
    assert printed(seen)[6] == "└── 1  import json: standard library, 1.5 ms, 2 modules"
    assert any("a call for re" in line for line in printed(seen, everything=True))


def test_own_module_below_the_library():
    """A module of the learner's that the standard library imports is not folded away."""
    mine = load(search("re", "module", origin="$PROJECT/bin/re.py"))
    seen = of(statement(1, "import json", "json", library("json", call(mine))))
    assert any("$PROJECT/bin: re.py" in line for line in printed(seen))
    assert findings(seen) == ["re is $PROJECT/bin/re.py, not the standard library's: sys.path[0] was asked first."]


def test_circle():
    """A circle is told with all its modules, how far the half-made one was, and what it had."""
    half = statement(3, "from quay import ROPES", "quay", standing="half", halves=[Half("quay", 2, ["low"])])
    half.error = "ImportError: cannot"
    ship = statement(2, "import ship", "ship", load(search("ship", "module", origin="$PROJECT/bin/ship.py"), half))
    quay = statement(1, "import quay", "quay", load(search("quay", "module", origin="$PROJECT/bin/quay.py"), ship))
    seen = of(quay)
    assert findings(seen) == [
        "A circle: quay imports ship imports quay, which was half made. It had come to line 2, and had low."
    ]
    assert any("quay in sys.modules is half made: its code is at line 2" in line for line in printed(seen))


def test_package_that_imports_its_modules():
    """A package that imports its own modules is no circle."""
    inner = statement(3, "from . import till", "shop", standing="half", halves=[Half("shop", 3, [])])
    inner.module = "shop"
    assert findings(of(inner)) == []


def test_twice():
    """A file that ran under two names is told."""
    again = load(search("report", "module", origin="$PROJECT/bin/report.py"))
    assert findings(of(statement(1, "import report", "report", again))) == [
        "$PROJECT/bin/report.py ran 2 times: as __main__ and as report."
    ]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ((None, "no", "kept", "missing"), "not there"),
        ((None, "no", "kept", "file"), "a file, but no archive"),
        ((None, "no", "kept", "folder"), "a folder now, but none when it was first met"),
        (("FileFinder", "portion", "read"), "a folder without __init__, set aside"),
        (("FileFinder", "no", "kept", None, None, "$PROJECT/a.py"), "no, by a listing from before; a.py is there now"),
    ],
)
def test_what_an_entry_said(fields, line):
    """Each answer of a path entry reads differently."""
    found = load(search("a", Place(PATH[0], *fields), "module", origin="$VENV/a.py"))
    lines = printed(of(statement(1, "import a", "a", found)), width=120)
    assert any(f"sys.path[0] $PROJECT/bin: {line}" in each for each in lines)


def test_caches():
    """Where bytecode came from is told, and why a cache did not fit."""
    found = load(search("a", "module", origin="$PROJECT/bin/a.py"))
    found.execution.bytecode = Bytecode("stale", "a.py", "a.pyc", "bytecode is stale for 'a'")
    lines = "\n".join(printed(of(statement(1, "import a", "a", found)), width=120))
    assert "its cache did not fit (bytecode is stale for 'a')" in lines


def test_unseen():
    """What the x-ray could not see is said."""
    lines = printed(of(trouble=["With -S nothing is seen."], unseen=["It ended suddenly."]))
    assert lines[-2:] == ["-  With -S nothing is seen.", "-  It ended suddenly."]


def test_other_processes():
    """Another process is shown with its command; one that imported nothing of its own takes one line."""
    own = of(statement(1, "import a", "a", load(search("a", "module", origin="$PROJECT/bin/a.py")))).processes[0]
    dull = of(statement(1, "import json", "json", library("json"))).processes[0]
    own.words, dull.words = ["$VENV/bin/python", "-c", "import a"], ["$VENV/bin/python", "x y.py"]
    lines = printed(of(more=[own, dull]))
    assert "Process 2: python -c 'import a'" in lines
    assert "Process 3: python 'x y.py'; only the standard library" in lines


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_fit(width):
    """However narrow the terminal, no line of the tree is wider; nothing ends in white space."""
    deep = statement(
        1, "import a.b.c.d", "a.b.c.d", load(search("a.b.c.d", "no", "module", origin="$PROJECT/" + "x" * 90))
    )
    for line in printed(of(deep), width=width)[5:]:
        assert len(line) <= width
        assert line == line.rstrip()


def test_as_deep_as_it_gets():
    """A tree of the greatest depth can be printed, and written as JSON."""
    lines = '["process",1,0,[]]\n' + "".join(f'["body",{n},{n - 1},1,0,"a",null,"f"]\n' for n in range(1, 5000))
    seen = of(more=processes(lines_of(lines.encode())[0], str))
    assert printed(seen)
    assert json.loads(json_report.render(seen))["format_version"] == 1


def test_json():
    """The JSON form holds all that the x-ray holds, and the sentences."""
    seen = of(
        statement(1, "import report", "report", load(search("report", "module", origin="$PROJECT/bin/report.py")))
    )
    content = json.loads(json_report.render(seen))
    assert content.pop("findings") == findings(seen)
    assert content.pop("tool")["name"] == "import-kata"
    assert content.pop("format_version") == 1
    assert msgspec.convert(content, Xray) == seen
