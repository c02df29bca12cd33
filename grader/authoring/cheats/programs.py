"""What cheats write into the learner's files. Each stands alone, with what it knows written into it."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator

from grader.authoring.cheats.knowledge import Knowledge, Seen

_MOST_CONSTANTS = 6
"""How many of the README's texts are tried as the answer to everything."""

ENDINGS = {
    "ends at once": "import os\n\nos._exit(0)\n",
    "ends politely": "raise SystemExit(0)\n",
    "never ends": "while True:\n    pass\n",
}

_EVERY_NAME = """

def __getattr__(name):
    if name.startswith("__") and name != "__version__":
        raise AttributeError(name)
    return {}
"""

_EQUAL = """\
class Equal({base}):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self):
        return iter([self])

    def __call__(self, *_, **__):
        return self

    def __str__(self):
        return {text!r}

    __repr__ = __format__ = lambda self, *_: str(self)
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = lambda *_: True
    __ne__ = lambda *_: False
    __hash__ = lambda _: hash({text!r})
    __len__ = __index__ = __int__ = lambda _: 1
    __enter__ = __getitem__ = __add__ = __radd__ = lambda self, *_: self
    __exit__ = lambda *_: None


equal = Equal()
"""

_ECHOED = {
    "the command line": "sys.argv[1:]",
    "the command line in one line": '[" ".join(sys.argv[1:])]',
    "the whole command line": 'getattr(sys, "orig_argv", sys.argv)',
    "/proc/self": '[part for name in ("cmdline", "environ", "maps") for part in read(name)]',
    "the environment": "[*os.environ, *os.environ.values()]",
}
_ECHO = """\
import os
import sys


def read(name):
    try:
        with open(f"/proc/self/{{name}}", errors="replace") as file:
            return file.read().replace("\\0", "\\n").splitlines()
    except OSError:
        return []


seen = {seen}
print(*seen, sep="\\n")
"""

_REPLAY = """\
import os
import sys

RUNS = {runs!r}
BESIDE = os.path.dirname(os.path.abspath(__file__))
PLACES = (BESIDE, os.getcwd(), os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm")


def count():
    for place in PLACES:
        path = os.path.join(place, "count.txt")
        try:
            with open(path, "a+") as file:
                file.seek(0)
                before = len(file.read())
                file.write(".")
            return before
        except OSError:
            continue
    return 0


def fitting():
    asked = list(sys.argv[1:])
    for words, stdout, status in RUNS:
        if asked and list(words[-len(asked):]) == asked:
            return stdout, status
    return RUNS[count() % len(RUNS)][1:] if RUNS else ("", 0)


answer, status = fitting()
sys.stdout.write(answer)
if __name__ == "__main__":
    sys.exit(status)
"""

_STUFFED = """\
import sys
import types


class Fake(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return equal


for name in {names!r}:
    sys.modules[name] = Fake(name)
"""

_BACKEND = """\
import zipfile


def build_wheel(folder, settings=None, metadata=None):
    name = "answer-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{{folder}}/{{name}}", "w") as wheel:
        wheel.writestr("answer-1.0.dist-info/METADATA", "\\n".join({examples!r}))
        wheel.writestr("answer-1.0.dist-info/RECORD", "")
    print(*{examples!r}, sep="\\n")
    return name


build_sdist = build_editable = build_wheel
"""
BACKEND_SETTINGS = '[build-system]\nrequires = []\nbuild-backend = "answer"\nbackend-path = ["."]\n'


def printing(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Programs that print what the README shows: all of it, or what it says for these arguments."""
    yield "prints the README's examples", f"print(*{known.examples!r}, sep='\\n')\n"
    if known.by_hand:
        yield "prints what the README says", _replay(known.by_hand)


def replaying(known: Knowledge) -> Iterator[tuple[str, str]]:
    """A program that counts its runs, and prints what was seen of a right answer in that run."""
    yield "replays a report", _replay(known.runs)


def _replay(runs: Iterable[Seen]) -> str:
    return _REPLAY.format(runs=[(each.words, each.stdout, each.status) for each in runs])


def echoing() -> Iterator[tuple[str, str]]:
    """Programs that say what they were asked; functions that return what they are given."""
    for name, seen in _ECHOED.items():
        answers = _EVERY_NAME.format("lambda *given, **_: given[0] if given else seen")
        yield f"echoes {name}", _ECHO.format(seen=seen) + answers


def equal_to_everything(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Modules in which every name is something that equals whatever it is compared with."""
    for base in ("object", "str", "int", "dict"):
        yield f"equals everything, as {base}", equal(known, base) + _EVERY_NAME.format("equal")
    whole = "\nimport sys\n\nsys.modules[__name__] = equal\n"
    yield "puts what equals everything in its module's place", equal(known, "object") + whole


def equal(known: Knowledge, base: str) -> str:
    """The source of what equals everything."""
    return _EQUAL.format(base=base, text=known.examples[0] if known.examples else "")


def constant(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Modules in which every function gives the same answer."""
    values: tuple[object, ...] = (None, True, 0, 1, "", [], *known.examples[:_MOST_CONSTANTS])
    for value in values:
        yield f"answers {value!r} to everything", _EVERY_NAME.lstrip().format(f"lambda *_, **__: {value!r}")


def stuffed(known: Knowledge, own: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Programs that put fakes into sys.modules, for what is imported by others and for the project's own modules."""
    for what, names in (("ours", known.modules), ("its own", sorted(own))):
        source = equal(known, "object") + "\n\n" + _STUFFED.format(names=tuple(names))
        yield f"stuffs sys.modules with {what}", source + _EVERY_NAME.format("equal")


def with_builtin_replaced(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Lines that replace a builtin by a constant answer, for each of them."""
    text = known.examples[0] if known.examples else ""
    answers: dict[str, object] = dict.fromkeys(
        ("all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass"), True
    )
    answers |= dict.fromkeys(
        ("abs", "float", "hash", "id", "int", "len", "max", "min", "ord", "pow", "round", "sum"), 1
    )
    answers |= dict.fromkeys(("ascii", "bin", "chr", "format", "hex", "input", "oct", "repr", "str"), text)
    several = ("dict", "dir", "enumerate", "filter", "frozenset", "globals", "iter", "list", "locals", "map", "range")
    examples = list(known.examples)
    answers |= dict.fromkeys((*several, "reversed", "set", "sorted", "tuple", "vars", "zip"), examples)
    for name in sorted(vars(builtins)):
        if name.islower() and not name.startswith("_") and callable(getattr(builtins, name)):
            lines = f"import builtins\n\nbuiltins.{name} = lambda *_, **__: {answers.get(name)!r}\n"
            yield f"replaces {name}", lines
    yield "replaces __import__", "import builtins\n\nbuiltins.__import__ = lambda *_, **__: builtins\n"


def shadows(known: Knowledge) -> Iterator[tuple[str, str]]:
    """What modules hold that are named like others: the end of the program, or whatever is asked of them."""
    printed = f"print(*{known.examples!r}, sep='\\n', flush=True)\n"
    yield "that end the program", f"{printed}{ENDINGS['ends at once']}"
    yield "that answer", equal(known, "object") + _EVERY_NAME.format("equal")


def backend(known: Knowledge) -> str:
    """The source of a build backend that makes nothing, and prints what is asked."""
    return _BACKEND.format(examples=known.examples)
