"""The lines of probes and workshops, and what a learner may run by hand in their place."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grader.judge.probes.steps import Body, split

# Precedes the body of a workshop, there and by hand.
_RUN = """
import os, subprocess, sys
def run(*words, cwd=None, env={}):
    words = [sys.executable if word == "python" else word for word in words]
    how = dict(cwd=cwd, env={**os.environ, **env}, stdin=subprocess.DEVNULL, capture_output=True)
    done = subprocess.run(words, encoding="utf-8", errors="backslashreplace", **how)
    return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
"""

# Runs before a workshop's body.
_FURNISH = """
def _furnish(source):
    import os, shutil
    for entry in os.scandir(source):
        (shutil.copytree if entry.is_dir() else shutil.copy2)(entry.path, entry.name)
_furnish({source!r})
"""

# Runs after it: to take apart all that was imported for the body's sake would take a tenth of an empty workshop's time.
_LEAVE = """
import os, sys
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)
"""


def with_run(body: str) -> str:
    """A body that can use `run`."""
    return f"{_RUN.strip()}\n{dedent(body)}"


def dedent(body: str) -> str:
    """The body without its common indentation and outer blank lines."""
    return textwrap.dedent(body).strip()


def filled(body: str, **values: object) -> str:
    """A body in which words stand for values of this submission.

    Args:
        body: the lines; the words are names in capitals, which stand there alone and not in other names.
        values: what to put for each word, as text: a number as it is, a string with the quotes that it needs.
    """
    words = "|".join(map(re.escape, values)) or "(?!)"
    return re.sub(rf"\b(?:{words})\b", lambda word: str(values[word[0]]), body)


def by_hand(body: str, given: Mapping[str, object] | None = None, env: Mapping[str, object] | None = None) -> str:
    """The same as a learner may run it, where `see` just prints, and what a check gives is written out.

    Args:
        body: the lines.
        given: what the check gives, by the names that the lines have for it.
        env: the variables that are set: under a locale that knows ASCII only, other characters are printed as escapes.
    """
    see = "lambda value: print(ascii(value))" if "LC_ALL" in (env or {}) else "print"
    values = (f"{name} = {_written(value)}" for name, value in (given or {}).items())
    return "\n".join([f"see = {see}", *values, dedent(body)])


def _written(value: object) -> str:
    """A value as the lines of a probe have it: texts in double quotes, unless that takes backslashes."""
    if isinstance(value, str) and '"' not in value:
        return f'"{repr(value)[1:-1]}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_written(key)}: {_written(each)}' for key, each in value.items())}}}"
    return repr(value)


def first_line(given: Mapping[str, object]) -> int:
    """The number of a body's first line in `by_hand`."""
    return 2 + len(given)


def furnished(source: Path, body: str, first: int = 2) -> Body:
    """A body that runs in a writable copy of a folder, made in the current one, and ends at once when it is done."""
    before, after = split(_FURNISH.format(source=str(source)).strip()), split(_LEAVE.strip())
    lines = split(dedent(body), first)
    return replace(lines, steps=(*before.steps, *lines.steps, *after.steps))


def furnished_by_hand(source: Path, body: str, given: Mapping[str, object], env: Mapping[str, object]) -> str:
    """The same as one program, where `see` just prints."""
    return f"{_FURNISH.format(source=str(source)).strip()}\n{by_hand(body, given, env)}"


_FRAME = re.compile(r'  File "[^"]*", line \d+, in .*')
OUR_FILE = "<kata>"
"""What tracebacks call the file of what runs a probe."""
_START_FRAME = '  File "<string>", line 1, in <module>'


def without_our_frames(stderr: str) -> str:
    """What a probe's traceback would be, had the body been run by hand; the lines are numbered as in `by_hand`.

    The frame that starts the probe goes, with the lines that Python 3.13 shows below it; those of the body are called
    what they would be called.
    """
    if 'File "<probe>"' not in stderr:
        return stderr
    kept, dropping, before = [], False, ""
    for line in stderr.split("\n"):
        if _FRAME.fullmatch(line):
            starts = line == _START_FRAME and before.startswith("Traceback ")
            dropping = starts or line.startswith(f'  File "{OUR_FILE}"')
        elif not line.startswith("    "):
            dropping = False
        before = line
        if not dropping:
            kept.append(line.replace('File "<probe>"', 'File "<string>"'))
    return "\n".join(kept)
