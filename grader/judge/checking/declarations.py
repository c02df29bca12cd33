"""How a hidden check declares itself. Nothing here needs pytest, so executions can start before it is imported."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from grader.errors import CatalogError

_Function = TypeVar("_Function", bound=Callable[..., None])
_DECLARATION = "__kata_check__"


@dataclass(frozen=True, slots=True)
class Check:
    """What is known of a check without running it."""

    id: str
    title: str
    points: int
    clauses: tuple[int, ...]
    """The clauses of the README's contract that it tests."""
    needs: tuple[str, ...]
    """The checks without whose success it makes no sense."""
    alone: bool = True
    """Whether it is worth its points by itself, and not only beside a check of what was asked."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Something done once on the learner's side, for all the checks that look at it."""

    name: str
    function: Callable[..., Any]
    part_of: str = ""
    """The observation whose result it is a part of, if it is one."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of its parameters: `project`, or other observations."""
        return (self.part_of,) if self.part_of else tuple(inspect.signature(self.function).parameters)

    def part(self, index: int) -> Observation:
        """An observation of one item of what this one returns: `sdist, wheel = built.part(0), built.part(1)`."""
        return Observation(f"{self.name}[{index}]", lambda made: made[index], self.name)


@dataclass(frozen=True)
class HiddenChecks:
    """One module of hidden checks."""

    path: Path
    module: ModuleType
    observations: dict[str, Observation]
    checks: tuple[Check, ...]


def check(
    *, points: int, clause: int | tuple[int, ...], needs: str | tuple[str, ...] = (), alone: bool = True
) -> Callable[[_Function], _Function]:
    """Declare a test function to be a check.

    Args:
        points: what it is worth; all checks of an exercise together are worth 100.
        clause: the clause or clauses of the README's contract that it tests.
        needs: names of checks; where one of them did not pass, this one fails without being tried.
        alone: False, if the stub passes it, or empty files do. Then it counts as soon as another check passes that
            neither of them does.
    """

    def declare(function: _Function) -> _Function:
        title = (inspect.getdoc(function) or "").partition("\n")[0].strip()
        clauses = clause if isinstance(clause, tuple) else (clause,)
        parents = needs if isinstance(needs, tuple) else (needs,)
        setattr(function, _DECLARATION, Check(function.__name__, title, points, clauses, parents, alone))
        return function

    return declare


def observation(function: Callable[..., Any]) -> Observation:
    """Declare something to be done once for each attempt and shared; checks name it as a parameter.

    All observations of a module start at once, whatever the checks ask for first; one that names others among its
    parameters waits for them. What it returns should not be changed by a check.
    """
    return Observation(function.__name__, function)


def declared(function: object) -> Check | None:
    """The declaration of a test function; None if it is no check."""
    found = getattr(function, _DECLARATION, None)
    return found if isinstance(found, Check) else None


def load_all(hidden_tests: Path) -> tuple[HiddenChecks, ...]:
    """The modules of hidden checks in a folder, in order of their names.

    Raises:
        CatalogError: there is none, or one of them can't be imported.
    """
    paths = sorted(hidden_tests.glob("test_*.py"))
    if not paths:
        raise CatalogError([f"{hidden_tests}: holds no test_*.py; an exercise needs checks."])
    return tuple(load(path) for path in paths)


@cache
def load(path: Path) -> HiddenChecks:
    """Import one module of hidden checks, under a name that no other module has."""
    name = f"kata_hidden_{path.parent.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CatalogError([f"{path}: is no Python file."])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise CatalogError([f"{path}: can't be imported: {type(error).__name__}: {error}."]) from error
    found = {name: value for name, value in vars(module).items() if isinstance(value, Observation)}
    observations = {name: replace(value, name=name) for name, value in found.items()}  # a part has no name before
    return HiddenChecks(path, module, observations, tuple(_checks(module)))


def _checks(module: ModuleType) -> Iterator[Check]:
    for name, value in vars(module).items():
        found = declared(value)
        if found is not None and name.startswith("test_"):
            yield found
