"""The imports of an execution as a tree; these types are also the JSON form of an x-ray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader.xray.tree.recorder_lines import Answer, Standing

NAMELESS = "?"
"""For code that runs without a `__name__`."""


class Place(msgspec.Struct):
    """An entry of the path, and what was said of it."""

    entry: str
    finder: str | None
    """None: nobody can look into it."""
    answer: Answer
    """`portion` is a folder without `__init__`, which is set aside: a namespace package if nothing better comes."""
    listing: str | None = None
    """Of a folder: `read` now, or `kept` since an earlier search."""
    there: str | None = None
    """Where nobody looks into it, what it is: `missing`, `folder` or `file`."""
    aside: str | None = None
    """A folder of that name in it, which a file in the same entry was preferred to."""
    stale: str | None = None
    """A file that is there, but not in the listing that was kept."""


class Asked(msgspec.Struct):
    """A finder on `sys.meta_path`, and what it said."""

    finder: str
    answer: Answer
    places: list[Place] = []
    error: str | None = None
    steps: list[Step] = []
    """What it imported itself."""


class Found(msgspec.Struct):
    """The spec that won."""

    finder: str
    loader: str | None
    """None: a namespace package."""
    origin: str | None
    places: list[str] | None
    """The `__path__` of a package."""


class Search(msgspec.Struct):
    """One question to the finders on `sys.meta_path`."""

    name: str
    along: str
    """`sys.path`, or the `__path__` of a package."""
    path: list[str | None]
    finders: list[str]
    """All that were on `sys.meta_path`, in order."""
    asked: list[Asked]
    found: Found | None = None
    error: str | None = None
    rivals: list[str] = []
    """Other files of that name on the path, in its order: without the winner, the first would have won."""


class Bytecode(msgspec.Struct):
    """Where a module's bytecode came from."""

    state: str
    """`used`: the cache; `none`: there was none, so the source was compiled; `stale`: the same, as the cache did not
    fit; `alone`: bytecode without a source."""
    source: str | None
    cache: str | None
    why: str | None
    """Why the cache did not fit."""


class Execution(msgspec.Struct):
    """A module that was made, and its code."""

    name: str
    package: str | None
    """Its `__package__`."""
    loader: str | None
    file: str | None
    """None: a module without code, such as a namespace package."""
    microseconds: int
    """Together with all that it imported."""
    bytecode: Bytecode | None = None
    again: bool = False
    """Whether it was reloaded."""
    error: str | None = None
    steps: list[Step] = []


class Load(msgspec.Struct):
    """One module that was searched and, if it was found, run."""

    name: str
    search: Search | None
    execution: Execution | None
    error: str | None = None


class Half(msgspec.Struct):
    """A module that somebody saw before its code had run to its end."""

    name: str
    line: int | None
    """The line that it had come to."""
    names: list[str]
    """The names that it had, up to a dozen."""


class Waiting(msgspec.Struct):
    """A name that a statement left waiting for its first use."""

    name: str
    became: str
    """`real`: what the import gives; `other`: something else was assigned to it; `gone`: it was deleted;
    `failed`: it was used, and its import raised an exception; `waiting`: it was never used."""
    file: str | None = None
    """Where that happened; None: nobody saw where."""
    line: int = 0
    function: str | None = None


class Step(msgspec.Struct):
    """One import."""

    kind: str
    """`statement`, `call` (`__import__`, `import_module`, Python itself), `use` (of a name that waited), `search`
    (`find_spec`), `reload` or `program`."""
    file: str
    line: int
    thread: int
    microseconds: int
    text: str = ""
    """The statement; of a use, the name."""
    function: str | None = None
    """Whose code it is in, if not a module's own."""
    module: str | None = None
    """The `__name__` of the module that it is in."""
    package: str | None = None
    """Its `__package__`, which relative names are relative to."""
    means: str = ""
    """The absolute name; empty where there is none."""
    standing: Standing = "absent"
    """What `sys.modules` held under that name: nothing, None, a module half made, one loaded."""
    origin: str | None = None
    """The file of the module that was found there."""
    halves: list[Half] = []
    loads: list[Load] = []
    """Parents first."""
    steps: list[Step] = []
    """What else was imported because of it, such as by a module's `__getattr__`."""
    bound: list[str] = []
    lazily: str = "no"
    """Whether a statement asks to wait: `keyword` (`lazy`), `list` (its module's `__lazy_modules__`), `never` (by that
    list, where no import waits)."""
    waiting: list[Waiting] = []
    since: tuple[str, int] | None = None
    """Of a use: file and line of the statement that left the name waiting."""
    error: str | None = None


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """All steps, outer ones first."""
    for step in steps:
        yield step
        for load in step.loads:
            yield from all_steps(inner_steps(load))
        yield from all_steps(step.steps)


def inner_steps(load: Load) -> list[Step]:
    """What was imported while a module was searched and run."""
    asked = load.search.asked if load.search is not None else []
    ran = load.execution.steps if load.execution is not None else []
    return [step for each in asked for step in each.steps] + ran


def all_loads(steps: Iterable[Step]) -> Iterator[Load]:
    """All modules that were searched or run."""
    return (load for step in all_steps(steps) for load in step.loads)


class Process(msgspec.Struct):
    """One process of the execution."""

    words: list[str]
    steps: list[Step]
    trouble: list[str]
    """What the x-ray could not see, in sentences."""
    before: list[str] = []
    """The names in `sys.modules` when the program began, in their order."""
    after: list[str] = []
    """Those when it had ended; empty if it didn't come to its end."""


class Xray(msgspec.Struct):
    """One execution and its imports."""

    exercise: str
    number: int
    title: str
    python: str
    sandbox: str
    check: str | None
    """The title of the check whose execution it is; None: it was asked for."""
    outcome: str | None
    """Of that check."""
    command: str
    """What to paste into a shell to see the same."""
    cwd: str
    status: int | None
    """None where a limit ended it."""
    stdout: str
    stderr: str
    processes: list[Process]
    trouble: list[str]
    """What doesn't count of the project, and what the x-ray could not see, in sentences."""
