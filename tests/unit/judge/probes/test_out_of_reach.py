"""What runs a probe is out of learner code's reach, under every Python that is here.

Each attack says REACHED on stdout where it got what it should not get: a frame of ours, or a turn in our thread.
"""

import contextlib
import textwrap

import pytest

from grader.environment import interpreters
from grader.errors import LearnerError, UsageError

PRELUDE = """
import _thread, gc, os, sys
MAIN = _thread.get_ident()

def note(what, write=os.write, ident=_thread.get_ident, frame_of=sys._getframe):
    frame = frame_of()
    while frame is not None and frame.f_code.co_filename != "<kata>":
        frame = frame.f_back
    if ident() != MAIN or (frame is not None and frame.f_code.co_name != "refuse"):
        write(1, f"REACHED {what}\\n".encode())

def ask(value=None):
    return value
"""
BODY = "\n".join(
    ["import learner", "found = learner.ask(first)", *["other = learner.ask()"] * 4, "see([found, later])"]
)
GIVEN = {"first": 3, "later": 5}

TURNS_IN_OUR_THREAD = {
    "collections that are due": """
        gc.callbacks.append(lambda *_: note("a callback of the garbage collector"))
        def ask(value=None):
            gc.set_threshold(1, 1, 1)
            return value or [[], [], [[[[]]]]]
        """,
    "collections for want of tuples": """
        gc.callbacks.append(lambda *_: note("a callback of the garbage collector"))
        held = []
        def ask(value=None):
            held.extend([*zip(range(3000)), *zip(range(3000), range(3000))])
            gc.set_threshold(1, 10**6, 10**6)
            return value
        """,
    "garbage that is finalized": """
        class Cycle:
            def __init__(self):
                self.me = self
            def __del__(self, note=note):
                note("a finalizer")
        def ask(value=None):
            gc.set_threshold(1, 10**6, 10**6)
            for _ in range(9):
                Cycle()
            return value
        """,
    "weak references": """
        import weakref
        held = []
        def ask(value=None):
            frame = sys._getframe(1)
            thing = lambda: 0
            frame.f_globals["found"] = thing
            for each in (frame.f_code, thing):
                held.append(weakref.ref(each, lambda _: note("a callback of a weak reference")))
            return value
        """,
    "keys that are asked whether they are equal": """
        class Key(str):
            def __eq__(self, other):
                note("a key's __eq__")
                return True
            def __hash__(self):
                note("a key's __hash__")
                return 0
            __getitem__ = __len__ = __iter__ = __lt__ = __str__ = lambda self, *_: note("a key")
        def ask(value=None):
            for name in ("found", "other", "later", "see", "_asked_"):
                sys._getframe(1).f_globals[Key(name)] = 1
            return value
        """,
    "names of types": """
        class Name(str):
            __radd__ = __add__ = lambda self, other: note("a name's __radd__") or "x"
            __str__ = __repr__ = __format__ = lambda self, *_: note("a name") or "x"
        Odd = type("Odd", (), {"__qualname__": Name("Odd")})
        def ask(value=None):
            return {Odd(): [Odd()]} if value else None
        """,
    "errors of codecs": """
        import codecs
        def handler(error):
            note("an error handler")
            return "?", error.end
        for name in ("strict", "surrogatepass", "surrogateescape", "replace", "ignore", "backslashreplace"):
            codecs.register_error(name, handler)
        codecs.register(lambda name: note("a search for a codec"))
        def ask(value=None):
            return ["caf\\udce9", "\\ud800"]
        """,
    "hooks for errors": """
        import threading
        sys.unraisablehook = sys.excepthook = threading.excepthook = lambda *_: note("a hook")
        def ask(value=None):
            held = {}
            held["me"] = held
            return held
        """,
    "tracing of all threads": """
        import threading
        def ask(value=None):
            for module in (sys, threading):
                for name in ("_settraceallthreads", "_setprofileallthreads", "settrace", "settrace_all_threads"):
                    try:
                        getattr(module, name)(lambda *_: note("a trace function"))
                    except (AttributeError, RuntimeError):
                        pass
            return value
        """,
    "hooks for audits": """
        def hook(event, _, ident=_thread.get_ident):
            if ident() != MAIN:
                note("an audit event " + event)
        sys.addaudithook(hook)
        """,
}
REFUSED = {
    "the heap": "gc.get_objects()",
    "what refers to it": "gc.get_referrers(gc)",
    "what it refers to": "gc.get_referents(gc)",
    "frames of threads": "sys._current_frames()",
    "errors of threads": "sys._current_exceptions()",
    "code by hand": "ask.__code__.replace(co_name='other')",
    "ctypes": "__import__('ctypes')",
    "_ctypes by another name": "by_hand('-ctypes', '_ctypes')",
    "_ctypes in a package": "by_hand('a._ctypes', '_ctypes')",
    "interpreters of its own": "(sys.version_info < (3, 13) and 1 / 0) or interpreter('_interpreters')",
    "older interpreters of its own": "(sys.version_info >= (3, 13) and 1 / 0) or interpreter('_xxsubinterpreters')",
    "the C API's tests": "by_hand('-testcapi', '_testcapi')",
}


def pythons():
    """All that is here; the grader itself doesn't look as far ahead."""
    yield from (known := interpreters.find_all())
    for minor in range(max(each.minor for each in known)[1] + 1, 17):
        with contextlib.suppress(UsageError):
            yield interpreters.find(f"3.{minor}")


def learner(source):
    """Learner code with the prelude."""
    return PRELUDE + textwrap.dedent(source)


@pytest.mark.parametrize("attack", TURNS_IN_OUR_THREAD)
def test_no_turn_in_our_thread(execute, attack):
    """Nothing that learner code leaves behind is run by our thread."""
    for python in pythons():
        sent = execute(BODY, file=learner(TURNS_IN_OUR_THREAD[attack]), python=python, given=GIVEN)
        assert b"REACHED" not in sent.execution.stdout, (python.version, sent.execution.stdout)
        assert sent.execution.report or attack == "hooks for errors", sent.stderr


def test_refused(execute):
    """What finds objects without a name raises, also for who writes to the variables of the hook that refuses it."""
    attempts = "".join(f"    tried({what!r}, lambda: {way})\n" for what, way in REFUSED.items())
    source = f"""
import _imp
from importlib.machinery import ModuleSpec

def by_hand(name, module):
    folder = next(each for each in sys.path if each.endswith("lib-dynload"))
    return _imp.create_dynamic(ModuleSpec(name, None, origin=f"{{folder}}/{{module}}{{_imp.extension_suffixes()[0]}}"))

def interpreter(name):
    return __import__(name).create()

def overwrite(*_):
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename == "<kata>":
            for name in (*frame.f_code.co_varnames, *frame.f_code.co_freevars):
                frame.f_locals[name] = "harmless" if name == "event" else ("harmless",)
        frame = frame.f_back

def tried(what, way):
    for _ in range(10):
        try:
            way()
        except (ArithmeticError, ImportError, RuntimeError):
            continue
        os.write(1, f"REACHED {{what}}\\n".encode())

def ask(value=None):
    gc.callbacks.append(overwrite)
    gc.set_threshold(1, 10**6, 10**6)
{attempts}    gc.callbacks.clear()
    return value
"""
    body = "import learner\nsee([learner.ask(first), later])"
    for python in pythons():
        sent = execute(body, file=PRELUDE + source, python=python, given=GIVEN)
        assert b"REACHED" not in sent.execution.stdout, (python.version, sent.execution.stdout)
        assert sent.value() == [3, 5], (python.version, sent.stderr)


@pytest.mark.parametrize("status", [0, 3])
def test_after_the_hooks(execute, status):
    """Once Python has let go of its audit hooks, on its way out, no learner code comes any more; its status stays."""
    source = f"""
        import codecs
        class Last:
            def __del__(self, write=os.write, objects=gc.get_objects, wrong=BaseException):
                try:
                    objects()
                except wrong:
                    return
                write(1, b"REACHED")
        codecs.register(lambda name, last=Last(): None)
        def ask(value=None):
            raise SystemExit({status})
        """
    for python in pythons():
        sent = execute(BODY, file=learner(source), python=python, given=GIVEN)
        assert (sent.execution.stdout, sent.execution.status) == (b"", status), python.version
        assert not sent.execution.report


def test_nothing_runs_in_what_stores(execute):
    """While noted facts are in reach of the statement that stores or reports them, no code of the learner's runs."""
    source = """
        def forge(*_):
            frame = sys._getframe()
            while frame is not None:
                seen = frame.f_globals.get("seen") if frame.f_code.co_filename == "<probe>" else None
                if seen is not None:
                    seen["found"] = "forged"
                frame = frame.f_back
        gc.callbacks.append(forge)
        gc.set_threshold(1, 1, 1)
        def ask(value=None):
            return [value, [[[]]]]
        """
    body = "import learner\nseen = {}\nseen['found'] = learner.ask(first)\nseen['later'] = later\nsee(seen)"
    for python in pythons():
        sent = execute(body, file=learner(source), python=python, given=GIVEN)
        assert sent.value() == {"found": [3, [[[]]]], "later": 5}, python.version


def test_handlers_of_signals(execute):
    """One that stays could run beside us: then there is no report. One that only a statement needs is welcome."""
    stays = "import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)"
    goes = f"{stays}\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)"
    for python in pythons():
        with pytest.raises(LearnerError):
            execute(BODY, file=learner(stays), python=python, given=GIVEN).value()
        assert execute(BODY, file=learner(goes), python=python, given=GIVEN).value() == [3, 5]


def test_threads_only_where_the_lines_start_some(execute):
    """Nothing of the learner's runs beside us, where the probe didn't ask for it itself."""
    source = "import threading\ndef ask(value=None):\n    threading.Thread(target=int).start()\n    return value"
    body = f"import threading\n{BODY}"
    for python in pythons():
        if python.minor >= (3, 12):  # before, the sandbox has no room for any
            shown = execute(BODY, file=learner(source), python=python, given=GIVEN).stderr
            assert "is not for code that is being graded" in shown
        assert execute(body, file=learner(source), python=python, given=GIVEN).value() == [3, 5]
