"""A file that Python can't compile: where, and what Python says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.explaining.causes import links
from grader.explaining.causes.scenes import Scene
from grader.model import Cause

_NO_CODEC = re.compile(r"\(unicode error\)|Non-UTF-8 code|unknown encoding|null bytes")
_PLACE = re.compile(r" \([^()]*, line \d+\)$")
"""What stands at the end of the message where it came out of `compile`."""


def causes(scene: Scene) -> Iterator[Cause]:
    """What can't be compiled. Files that a check made are none of the project's, so nothing is said of these."""
    if scene.raised.kind not in ("SyntaxError", "IndentationError", "TabError"):
        return
    last = scene.raised.frames[-1]
    name = scene.files.of(last.file)
    if not name:
        return
    says, shows = _PLACE.sub("", scene.raised.says), scene.raised.below or scene.files.line(name, last.line)
    if scene.raised.kind == "TabError":
        why = "In one block, lines are indented with tabs and with spaces, and Python can't tell how deep they are."
        try_it = "Indent all lines with four spaces; most editors can convert tabs."
        says = f"{name}, line {last.line} mixes tabs and spaces."
        yield Cause("mixed_indentation", says, shows, why, try_it, links.INDENTATION)
    elif _NO_CODEC.search(says):
        why = f"Python says: {says}. A source file is UTF-8 unless its first lines name another encoding."
        try_it = "Save the file again, with the encoding UTF-8."
        yield Cause("not_utf8", f"{name} is not a UTF-8 file that Python can read.", "", why, try_it, links.ENCODINGS)
    else:
        why = "Python compiles a whole file before it runs the first line, so nothing of this file has run."
        yield Cause(
            "syntax_error", f"{name}, line {last.line} is not valid Python: {says}.", shows, why, "", links.ERRORS
        )
