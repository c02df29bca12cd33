"""Find out what this machine can do: sandbox, interpreters, build tools and catalogues."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator

from grader import __version__, sandbox
from grader.catalog import Catalog, packs
from grader.display import visible
from grader.environment import interpreters, testing, toolchain
from grader.environment.interpreters import Interpreter
from grader.errors import UsageError

_BUBBLEWRAP = "bubblewrap: files, processes, network and environment hidden; memory, output, time bounded"


def diagnose(catalog: Catalog) -> Iterator[tuple[str, str, bool]]:
    """What this machine can do: pairs of a topic and a finding, and whether it is as it should be."""
    yield "import-kata", f"{__version__}, run by Python {platform.python_version()} on {platform.system()}", True
    oldest, newest = (".".join(map(str, version)) for version in (interpreters.OLDEST, interpreters.NEWEST))
    yield "tested", f"to grade under Python {oldest} to {newest}, on Linux; macOS and Windows are not tried yet", True
    yield "catalogue", f"{len(catalog.exercises)} exercises in {catalog.folder}", True
    for pack in packs.installed():
        try:
            yield "pack", visible(f"{pack.name}: of {pack.distribution}, in {pack.folder}"), True
        except UsageError as error:
            yield "pack", visible(str(error)), False
    why_not = sandbox.why_not_bubblewrap()
    if why_not is None:
        yield "sandbox", _BUBBLEWRAP, True
        yield "memory", f"of all processes of an execution: bounded {sandbox.memory_bound()}", True
    else:
        yield "sandbox", f"process: no protection against malice. bubblewrap can't be used: {why_not}", False
    for python in interpreters.find_all():
        ready = toolchain.is_ready(python) and testing.is_ready(python)
        tools = "build tools and pytest ready" if ready else "build tools not made yet (kata doctor --prepare)"
        if not python.tested:
            tools += "; not tested yet"
        yield f"Python {python.version}", f"{python.executable}; {tools}", True


def prepare(done: Callable[[Interpreter], None] = lambda _: None) -> None:
    """Make the build tools and the pytest of all interpreters, so that everything works offline from then on.

    Raises:
        ToolchainError: one can't be made.
    """
    for python in interpreters.find_all():
        toolchain.prepare(python)
        testing.prepare(python)
        done(python)
