"""All detectors, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from grader.explaining.causes import half_made, missing, own_code, shebang, starts, syntax, two_names
from grader.explaining.causes.scenes import ProjectFiles, Scene, Start, exceptions_in
from grader.model import Cause

_DETECTORS = (
    syntax.causes,
    starts.causes,
    missing.causes,
    half_made.causes,
    two_names.causes,
    shebang.causes,
    own_code.causes,
)


_UNKNOWN = Start("")


def causes_in(
    text: str, files: ProjectFiles, *, stdout: str = "", start: Start = _UNKNOWN, cwd: str = ""
) -> Iterator[Cause]:
    """What can be told from what an execution said.

    Args:
        text: on stderr, as it is shown.
        files: of the project.
        stdout: on stdout, as it is shown.
        start: how Python was started.
        cwd: the working directory, as it is shown.
    """
    yield from starts.complaints(text)
    yield from shebang.complaints(text, files)
    yield from own_code.in_debugger(stdout, text, files)
    for raised in exceptions_in(text):
        scene = Scene(raised, files, start, cwd)
        found = next((cause for detect in _DETECTORS for cause in detect(scene)), None)
        if found is not None:
            yield found
            return
