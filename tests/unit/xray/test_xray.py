"""The import x-ray: what the recorder sees of a program, that the program sees nothing of it, and what comes of it."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.environment import interpreters, virtualenvs
from grader.model import AttemptLimits, Ending, Limits
from grader.xray import commands, recorder
from grader.xray.tree.imports import all_loads, all_steps
from grader.xray.tree.recorder_lines import lines_of
from grader.xray.tree.tree_builder import processes

LIMITS, TOGETHER = Limits(), AttemptLimits()
PARTS = {part: Path(recorder.__file__).with_name(f"{part}.py") for part in recorder.PARTS}


def statements(process):
    """The import statements of a process, outer ones first."""
    return [step for step in all_steps(process.steps) if step.kind == "statement"]


def searched(process, name):
    """The last search for a module."""
    return [load.search for load in all_loads(process.steps) if load.name == name and load.search is not None][-1]


def ran(process, name):
    """How a module ran."""
    return next(load.execution for load in all_loads(process.steps) if load.name == name and load.execution is not None)


def top_level(tree):
    """The names that a part defines for all the others, and its imports."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name))


def test_parts_fit_together():
    """The recorder's parts share one namespace without taking a name from each other, and import nothing but `sys`."""
    trees = {part: ast.parse(path.read_text()) for part, path in PARTS.items()}
    names = [name for tree in trees.values() for name in top_level(tree) if name != "TYPE_CHECKING"]
    assert sorted(set(names)) == sorted(names)
    for tree in trees.values():
        imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert {alias.name for node in imports for alias in node.names} <= {"sys"}


FORMS = """
import sys
import shop
import shop.till
import shop.till as drawer
from shop import price, till as box
from shop.deep.cellar import *
def later():
    import shop.attic as roof
    from shop.deep import cellar
    return lambda: (roof, cellar)
later()
class Shelf:
    import shop as inside
"""
FORMS_FILES = {
    "main.py": FORMS,
    "shop/__init__.py": "price = 7",
    "shop/till.py": "from . import price",
    "shop/attic.py": "from .deep.cellar import wine as w, beer",
    "shop/deep/__init__.py": "",
    "shop/deep/cellar.py": "from .. import price\nfrom ..till import price as p\nwine = beer = 1",
}


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_every_form_of_statement(xray, python):
    """Under each interpreter every form of import statement is seen as written, with its line, name and bindings."""
    (process,) = xray(FORMS_FILES, python=python)
    assert not process.trouble
    assert [(step.line, step.text, step.means, step.standing, step.bound) for step in statements(process)] == [
        (2, "import sys", "sys", "loaded", ["sys"]),
        (3, "import shop", "shop", "absent", ["shop"]),
        (4, "import shop.till", "shop.till", "absent", ["shop"]),
        (1, "from . import price", "shop", "loaded", ["price"]),
        (5, "import shop.till as drawer", "shop.till", "loaded", ["drawer"]),
        (6, "from shop import price, till as box", "shop", "loaded", ["price", "box"]),
        (7, "from shop.deep.cellar import *", "shop.deep.cellar", "absent", ["*"]),
        (1, "from .. import price", "shop", "loaded", ["price"]),
        (2, "from ..till import price as p", "shop.till", "loaded", ["p"]),
        (9, "import shop.attic as roof", "shop.attic", "absent", ["roof"]),
        (1, "from .deep.cellar import wine as w, beer", "shop.deep.cellar", "loaded", ["w", "beer"]),
        (10, "from shop.deep import cellar", "shop.deep", "loaded", ["cellar"]),
        (14, "import shop as inside", "shop", "loaded", ["inside"]),
    ]
    assert [step.function for step in statements(process)][-4:] == ["later", None, "later", "Shelf"]
    assert ran(process, "shop.till").package == "shop"


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_who_said_what(xray, python):
    """Finders and path entries are listed in the order in which they were asked, up to the one that won."""
    files = {"main.py": "import tides", "second/tides.py": "", "first/tides/notes.txt": "", "third/tides.py": ""}
    (process,) = xray(files, env={"PYTHONPATH": "first:nowhere:main.py:second:third"}, python=python)
    search = searched(process, "tides")
    assert search.finders == ["BuiltinImporter", "FrozenImporter", "PathFinder"]
    assert [(asked.finder, asked.answer) for asked in search.asked[:2]] == [(name, "no") for name in search.finders[:2]]
    said = [(Path(place.entry).name, place.answer, place.there) for place in search.asked[2].places]
    assert said == [
        ("$PROJECT", "no", None),
        ("first", "portion", None),
        ("nowhere", "no", "missing"),
        ("main.py", "no", "file"),
        ("second", "module", None),
    ]
    assert search.found.loader == "SourceFileLoader"
    assert search.found.origin == "$PROJECT/second/tides.py"


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_runner_up(xray, python):
    """Of a name that is on the path more than once, the other files are told in their order, and none is touched."""
    files = {
        "main.py": "import sys\nsys.path += ['one', 'two', 'one']\nimport tides, charts\n",
        "tides.py": "",
        "one/tides/__init__.py": "raise SystemExit('never')",
        "two/tides.py": "raise SystemExit('never')",
        "two/charts.py": "",
        "one/charts/notes.txt": "no package",
    }
    (process,) = xray(files, python=python)
    assert searched(process, "tides").rivals == ["one/tides/__init__.py", "two/tides.py"]
    assert searched(process, "charts").rivals == []


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_modules_before_and_after(xray, python):
    """What `sys.modules` holds when the program begins is told, and what it holds at the end."""
    files = {"main.py": "import sys, tides\ndel sys.modules['site']\n", "tides.py": ""}
    (process,) = xray(files, python=python)
    assert {"sys", "site", "builtins"} <= {*process.before}
    assert "tides" not in process.before
    assert {*process.after} - {*process.before} >= {"tides"}
    assert "site" not in process.after
    assert len(process.after) == len({*process.after})


def test_not_found(xray):
    """A module that is nowhere was searched in all entries of the path, and the exception is told."""
    (process,) = xray({"main.py": "import nope"})
    step = statements(process)[-1]
    search = searched(process, "nope")
    assert step.error == "ModuleNotFoundError: No module named 'nope'"
    assert [place.entry for place in search.asked[2].places] == search.path
    assert search.found is None


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_caught(xray, python):
    """A statement that failed did so, though the program went on; one after it did not."""
    (process,) = xray({"main.py": "try:\n    import nope\nexcept ImportError:\n    import sys"}, python=python)
    assert [step.error for step in statements(process)] == ["ModuleNotFoundError: No module named 'nope'", None]
    assert process.steps[-1].error is None


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_half_made(xray, python):
    """In a circle it is known which module somebody saw half made, how far it was, and what it had."""
    (process,) = xray(
        {"main.py": "import quay", "quay.py": "ROPES = 3\nimport ship\n", "ship.py": "import quay"}, python=python
    )
    (half,) = statements(process)[-1].halves
    assert (half.name, half.line, half.names) == ("quay", 2, ["ROPES"])


def test_forbidden(xray):
    """None in `sys.modules` is told from nothing there."""
    (process,) = xray({"main.py": "import sys\nsys.modules['tides'] = None\nimport tides"})
    assert statements(process)[-1].standing == "none"


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_bytecode(xray, python):
    """It is known whether a module was compiled, came from its cache, had one that didn't fit, or had no source."""
    files = {
        "main.py": "import fresh, cached, stale, alone",
        "make.py": "import os, py_compile\n"
        "for name in ('cached', 'stale', 'alone'):\n    py_compile.compile(name + '.py')\n"
        "py_compile.compile('alone.py', 'alone.pyc')\nos.remove('alone.py')\n"
        "open('stale.py', 'a').write('# later')\nimport main",
    } | dict.fromkeys(("fresh.py", "cached.py", "stale.py", "alone.py"), "")
    (process,) = xray(files, "-B", "make.py", python=python)
    states = {name: ran(process, name).bytecode for name in ("fresh", "cached", "stale", "alone")}
    assert {name: code.state for name, code in states.items()} == {
        "fresh": "none",
        "cached": "used",
        "stale": "stale",
        "alone": "alone",
    }
    assert "stale" in states["stale"].why


def test_listing_from_before(xray):
    """A file that Python does not find, since it kept a listing of the folder, is told."""
    lines = (
        "import os\nbefore = os.stat('.').st_mtime_ns\ntry:\n    import late\nexcept ImportError:\n    pass\n"
        "open('late.py', 'w').close()\nos.utime('.', ns=(before, before))\nimport late"
    )
    (process,) = xray({"main.py": lines})
    place = searched(process, "late").asked[2].places[0]
    assert (place.answer, place.listing, place.stale) == ("no", "kept", "$PROJECT/late.py")


def test_namespace_package(xray):
    """A namespace package has no loader and no code, and each of its folders is a portion."""
    files = {"main.py": "import hull.keel", "a/hull/keel.py": "", "b/hull/mast.py": ""}
    (process,) = xray(files, env={"PYTHONPATH": "a:b"})
    search = searched(process, "hull")
    assert (search.found.loader, search.found.places) == (None, ["$PROJECT/a/hull", "$PROJECT/b/hull"])
    assert [place.answer for place in search.asked[2].places].count("portion") == 2
    assert ran(process, "hull").file is None
    assert searched(process, "hull.keel").path == ["$PROJECT/a/hull", "$PROJECT/b/hull"]


def test_own_finder(xray):
    """A finder of the program's own is asked where it stands, and what it imports itself belongs to it."""
    finder = (
        "import sys\nfrom importlib.util import spec_from_loader\n"
        "class Finder:\n    def find_spec(self, name, path, target=None):\n        import colorsys\n"
        "        return spec_from_loader(name, self) if name == 'tides' else None\n"
        "    def create_module(self, spec): return None\n    def exec_module(self, module): module.HIGH = 1\n"
        "sys.meta_path.append(Finder())\nimport tides\nprint(tides.HIGH)"
    )
    (process,) = xray({"main.py": finder})
    search = searched(process, "tides")
    assert [asked.finder for asked in search.asked] == [*search.finders[:3], "__main__.Finder"]
    assert search.found.finder == search.found.loader == "__main__.Finder"
    assert [step.text for step in search.asked[3].steps] == ["import colorsys"]


def test_calls(xray):
    """`import_module`, `find_spec` and `reload` are seen, with the line that they are in."""
    lines = "import importlib.util\nimportlib.import_module('tides')\nimportlib.util.find_spec('nope')\n"
    (process,) = xray({"main.py": f"{lines}import tides\nimportlib.reload(tides)", "tides.py": ""})
    found = [(step.kind, step.line, step.means) for step in all_steps(process.steps) if step.kind != "statement"]
    assert [each for each in found if each[2] in ("tides", "nope")] == [
        ("call", 2, "tides"),
        ("search", 3, "nope"),
        ("reload", 5, "tides"),
    ]


def test_archive(xray):
    """Modules in a zip archive are found by `zipimporter`."""
    make = "import zipfile\nwith zipfile.ZipFile('a.zip', 'w') as a:\n    a.writestr('tides.py', '')\n"
    (process,) = xray({"main.py": f"{make}import sys\nsys.path.append('a.zip')\nimport tides"})
    place = searched(process, "tides").asked[2].places[-1]
    assert (place.entry, place.finder, place.answer) == ("a.zip", "zipimporter", "module")


def test_threads(xray):
    """Imports of other threads are seen, and told apart."""
    lines = "import threading\ndef work():\n    import tides\n"
    (process,) = xray({"main.py": f"{lines}t = threading.Thread(target=work)\nt.start()\nt.join()", "tides.py": ""})
    assert [(step.means, step.thread) for step in statements(process)] == [("threading", 1), ("tides", 2)]


def test_other_processes(xray):
    """Processes of the same virtualenv are seen, too: children, and those that were forked off."""
    lines = (
        "import os, subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import tides'])\n"
        "if os.fork() == 0:\n    import ebb\n    os._exit(0)\nos.wait()"
    )
    first, child, forked = xray({"main.py": lines, "tides.py": "", "ebb.py": ""})
    assert [step.text for step in statements(first)] == ["import os", "import subprocess", "import sys"]
    assert [step.text for step in statements(child)] == ["import tides"]
    assert [step.text for step in statements(forked)] == ["import ebb"]
    assert not first.trouble
    assert forked.trouble


@pytest.mark.parametrize(
    ("end", "status"),
    [("import os; os._exit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 137), ("import os; os.abort()", 134)],
)
def test_sudden_end(desk, end, status):
    """However a process ends, what it imported until then is known, and that it ended so."""
    seen = desk({"main.py": f"import tides\n{end}", "tides.py": ""})
    assert seen.status == status
    (process,) = processes(lines_of(seen.execution.report)[0], seen.scrub)
    assert [step.text for step in statements(process)] == ["import tides", "import os"]
    assert process.trouble


def test_closed_channel(desk):
    """A program that closes all descriptors gets nothing of ours into the files that it opens then."""
    lines = (
        "import os, tides\nos.closerange(3, 256)\n"
        "files = [os.open('kept', os.O_RDWR | os.O_CREAT) for _ in range(3, 250)]\n"
        "import ebb\nos._exit(len(os.read(files[0], 9)))"
    )
    seen = desk({"main.py": lines, "tides.py": "", "ebb.py": ""}, limits=Limits(open_files=1024))
    (process,) = processes(lines_of(seen.execution.report)[0], seen.scrub)
    assert seen.status == 0
    assert [step.means for step in statements(process)] == ["os", "tides"]
    assert process.trouble


def test_no_end(desk):
    """A program that never ends is stopped, and what it imported is known."""
    seen = desk({"main.py": "import tides\nwhile True: pass", "tides.py": ""}, limits=Limits(wall=0.5))
    assert seen.ending is Ending.TIMEOUT
    (process,) = processes(lines_of(seen.execution.report)[0], seen.scrub)
    assert ran(process, "tides").file == "$PROJECT/tides.py"


def test_without_site(desk):
    """With -S nothing is seen, since nothing starts the recorder, and the program runs as ever."""
    seen = desk({"main.py": "print(1)"}, "-S", "main.py")
    assert (seen.stdout, seen.execution.report) == ("1\n", b"")


@pytest.mark.parametrize(
    "words",
    [
        ["-S"],
        ["-IS"],
        ["-BSs"],
        ["-B", "-S"],
        ["-X", "dev", "-S"],
        ["-Xdev", "-S"],
        ["-W", "error", "-S"],
        ["--check-hash-based-pycs", "always", "-S"],
        ["-X", "S"],
        ["-WSomething"],
        ["-X", "dev"],
        ["-B"],
        [],
    ],
    ids=lambda words: " ".join(words) or "none",
)
@pytest.mark.parametrize(
    "program", [["-c", "{code}", "-S"], ["{main}", "-S"], ["-", "-S"]], ids=["-c", "script", "stdin"]
)
def test_leaves_out_site(tmp_path, words, program):
    """Whether a command leaves out `site` is known as Python itself knows it."""
    main, code = tmp_path / "main.py", "import sys; print(sys.flags.no_site)"
    main.write_text(code)
    words = [*words, *(word.format(code=code, main=main) for word in program)]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, input=code)
    assert commands.leaves_out_site(words) is bool(int(ran.stdout))


@pytest.mark.parametrize("flags", ["-I", "-E", "-Xdev", "-O", "-s"])
def test_flags(xray, flags):
    """Under all other flags it sees what is imported."""
    (process,) = xray({"main.py": "import tides", "tides.py": ""}, flags, "-c", "import sys")
    assert [step.text for step in statements(process)] == ["import sys"]


def test_run_as_a_module(xray):
    """With -m it sees what Python looks for, and the program in its package."""
    files = {"shop/__init__.py": "", "shop/__main__.py": "from . import till", "shop/till.py": ""}
    (process,) = xray(files, "-m", "shop")
    assert [load.name for load in all_loads(process.steps) if load.search is None] == ["__main__"]
    assert searched(process, "shop.__main__").found.origin == "$PROJECT/shop/__main__.py"
    assert process.steps[-1].loads[0].execution.package == "shop"


VISIBLE = """
import builtins, gc, os, sys
import importlib._bootstrap as inner, importlib._bootstrap_external as outer
def text(value):
    return repr(value).partition(" at 0x")[0]
seen = {
    "modules": list(sys.modules), "argv": sys.argv, "orig": sys.orig_argv, "x": sys._xoptions, "path": sys.path,
    "env": dict(os.environ), "meta": [text(each) for each in sys.meta_path], "limit": sys.getrecursionlimit(),
    "hooks": [text(each) for each in sys.path_hooks], "cache": sorted(sys.path_importer_cache),
    "flags": repr(sys.flags), "globals": sorted(globals()), "profile": sys.getprofile(),
    "import": text(builtins.__import__), "builtins": sorted(vars(builtins)),
    "machinery": [text(vars(outer)[name]) for name in sorted(vars(outer))],
    "frozen": [text(vars(inner)[name]) for name in sorted(vars(inner))],
    "descriptors": [os.dup(0), os.dup(0)], "frames": sys._getframe().f_back, "dont": sys.dont_write_bytecode,
    "excepthook": text(sys.excepthook), "hidden": "atexit" in sys.modules, "where": os.listdir(),
}
import atexit
seen["callbacks"] = atexit._ncallbacks() - RECORDED
import json
print(json.dumps(seen))
"""


@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_leaves_no_trace(desk, python):
    """The program sees the same modules, lists, hooks, functions, variables and descriptors as without the recorder."""
    plain, recorded = (
        json.loads(desk({"main.py": VISIBLE.replace("RECORDED", str(int(how)))}, python=python, recorded=how).stdout)
        for how in (False, True)
    )
    text = json.dumps(recorded).replace("side 1", "side 0")
    assert json.loads(text) == plain


def test_without_builtins(xray):
    """The recorder does not care what a program does to the builtins, nor to the modules that it is made of."""
    lines = (
        "import builtins, posix, sys, time\n"
        "for name in ('len', 'isinstance', 'type', 'str', 'list', 'id', 'getattr', 'repr', 'sorted', 'dict'):\n"
        "    setattr(builtins, name, None)\n"
        "posix.write = posix.fstat = time.perf_counter = None\nimport tides\n"
    )
    (process,) = xray({"main.py": lines, "tides.py": ""})
    assert statements(process)[-1].text == "import tides"
    assert not process.trouble


def test_no_code_of_the_program(desk):
    """Nothing of the program is called: no attribute is asked of a module, a spec, a finder, a name or an exception."""
    lines = """
import sys
class Trap:
    def __getattribute__(self, name):
        if name not in ("__spec__", "find_spec", "__path__"):
            print("asked for", name)
        return object.__getattribute__(self, name)
    def find_spec(self, name, path, target=None):
        return None
class Text(str):
    def __str__(self): print("str"); return "x"
    def __eq__(self, other): print("eq"); return str.__eq__(self, other)
    def __hash__(self): print("hash"); return str.__hash__(self)
class Globals(dict):
    def get(self, *of): print("get", of); return dict.get(self, *of)
class Error(ImportError):
    def __str__(self): print("str of an error"); return "x"
sys.modules["trap"] = Trap()
sys.meta_path.insert(0, Trap())
def __getattr__(name):
    raise Error(Text("why"))
import trap
exec("import colorsys", Globals(__name__=Text("made up"), __builtins__=__builtins__))
import importlib
importlib.import_module(Text("this_is_it"))
try:
    import nope
except ImportError:
    pass
"""
    plain, recorded = (desk({"main.py": lines, "this_is_it.py": ""}, recorded=how) for how in (False, True))
    assert (recorded.status, recorded.stdout) == (plain.status, plain.stdout) == (0, plain.stdout)


def test_signals(desk):
    """What a signal's handler raises reaches the program, also while the recorder is at work."""
    lines = """
import signal, sys
class Alarm(Exception): pass
def ring(*_): raise Alarm
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.2)
def work():
    import sys
try:
    while True: work()
except Alarm:
    print("rang")
"""
    assert desk({"main.py": lines}).stdout == "rang\n"


def test_probe(make_project):
    """A probe is looked at as the program that its lines are by hand: what it sees is printed."""
    project = make_project({"tides.py": "HIGH = 7"})
    seen = project.probe("import tides\nsee(tides.HIGH)", env={"PYTHONPATH": project.path})
    own = virtualenvs.create(project.virtualenv.interpreter, project.side.root / "own")
    command = replace(seen.unsealed, argv=(str(own.python), *seen.unsealed.argv[1:]))
    again = commands.run(project.side, own, command, shown="", everything=False)
    (process,) = processes(lines_of(again.execution.report)[0], again.scrub)
    assert again.stdout == "7\n"
    assert [step.text for step in statements(process)] == ["import tides"]


def test_much(desk):
    """A program that imports without end does not flood the judge, and it is said that something is missing."""
    lines = f"for _ in range(9000):\n    from sys import path as {'x' * 900}"
    seen = desk({"main.py": lines})
    (process,) = processes(lines_of(seen.execution.report)[0], seen.scrub)
    assert seen.status == 0
    assert 5 << 20 < len(seen.execution.report) < 7 << 20
    assert process.trouble == ["There was so much to see that only the beginning is shown."]


def test_many_lines():
    """Of more lines than anybody can look at only the first are taken, and that is said."""
    head, line = '["process",1,0,[]]\n', '["load",{},0,1,0,"a","absent","f",1]\n'
    report = head + "".join(line.format(number) for number in range(1, 30_000))
    (process,) = processes(lines_of(report.encode())[0], str)
    assert len(process.steps) == 20_000
    assert any("only the beginning" in sentence for sentence in process.trouble)


counts = st.integers(0, 6)
texts = st.sampled_from(["tides", "", "\x1b[31m", "a.b", "$PROJECT/x.py", "<string>", "é\n\u202e"])
some_lines = st.lists(
    st.one_of(
        st.tuples(st.just("process"), counts, counts, st.lists(texts, max_size=2)),
        st.tuples(st.just("meta_path"), st.lists(texts | st.none(), max_size=2)),
        st.tuples(st.just("sys_path"), st.lists(texts | st.none(), max_size=2)),
        st.tuples(
            st.just("statement"), counts, counts, counts, counts, texts, counts, texts, texts, texts, counts, texts,
            st.lists(texts, max_size=2), st.lists(texts, max_size=2), st.sampled_from(["no", "list"]), texts,
            st.sampled_from(["half", "absent"]), texts,
        ),
        st.tuples(st.just("load"), counts, counts, counts, counts, texts, st.just("absent"), texts, counts),
        st.tuples(st.just("search"), counts, counts, counts, counts, texts, st.none(), texts, counts),
        st.tuples(st.just("finder"), counts, counts, counts, counts, texts, texts, texts, counts),
        st.tuples(st.just("entry"), counts, counts, counts, counts, texts, texts | st.none(), texts),
        st.tuples(st.just("run"), counts, counts, counts, counts, texts, texts, st.booleans()),
        st.tuples(st.just("body"), counts, counts, counts, counts, texts, texts, texts),
        st.tuples(st.just("end"), counts, counts, texts | st.none(), texts),
        st.tuples(st.just("half"), counts, texts, counts, st.lists(texts, max_size=2)),
        st.tuples(st.just("waits"), counts, texts),
        st.tuples(st.just("use"), counts, texts, texts, counts, texts, counts, texts),
        st.tuples(st.just("settled"), counts, texts, st.just("real"), texts | st.none(), counts, texts),
        st.tuples(st.just("exit"), st.booleans(), st.booleans(), texts),
        st.tuples(st.just("nonsense"), texts),
    ),
    max_size=30,
)  # fmt: skip


@given(some_lines)
def test_any_lines(written):
    """Whatever lines come, they become a tree of finite size, and what is no line of the recorder's is noticed."""
    report = b"".join(json.dumps(line).encode() + b"\n" for line in written)
    lines, whole = lines_of(report)
    assert whole == all(line[0] != "nonsense" for line in written)
    found = processes(lines, str.upper)
    steps = [step for process in found for step in all_steps(process.steps)]
    assert len(steps) <= len(written)


def test_deep_lines():
    """Lines that lie about their depth are cut where no honest import goes."""
    head = '["process",1,0,[]]\n'
    deep = "".join(f'["body",{n},{n - 1},1,0,"a",null,"f"]\n' for n in range(1, 5000))
    (process,) = processes(lines_of((head + deep).encode())[0], str)
    assert len(list(all_steps(process.steps))) < 300
    assert any("only the beginning" in sentence for sentence in process.trouble)


def test_budget_of_the_checks(desk):
    """What is recorded takes nothing of the attempt's budget, which the checks before it may have used up."""
    seen = desk({"main.py": "import time; time.sleep(0.5)"}, together=AttemptLimits(wall=0.1, cpu=0.1))
    assert (seen.ending, seen.status) == (Ending.EXITED, 0)
