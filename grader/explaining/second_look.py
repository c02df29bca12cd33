"""Run what did not end once more, for a short while, and have Python say again and again at which line it is."""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import replace
from pathlib import Path

from grader.environment.virtualenvs import Virtualenv
from grader.errors import LearnerError
from grader.explaining.causes.scenes import ProjectFiles
from grader.judge.budget import Budget
from grader.judge.execution import LearnersSide, Seen
from grader.model import AttemptLimits
from grader.xray import commands

_PTH_NAME = "!kata-line.pth"
"""Comes before all others, so that it also sees code that is stuck in one of these."""
_EVERY = 0.25
"""Seconds after which it says where it is, from its start to its end."""
_WALL = 2.5
"""Seconds that it gets: what never ends is mostly there by then."""
_LOOKS = 6
"""Times that count, the last ones: before these it may still have been starting."""
_FRAME = re.compile(r'^\s+File "([^"\n]*)", line (\d+) in (.*)$', re.MULTILINE)


def look_again(side: LearnersSide, seen: Seen) -> Seen | None:
    """The same execution for a short while, in which Python names the lines that it is at; None if that can't be had.

    Its output isn't buffered, so what it printed until then is seen.

    Args:
        side: whose execution it was.
        seen: that execution.
    """
    command = seen.unsealed or seen.execution.command
    virtualenv = Virtualenv(Path(command.argv[0]).parents[1], side.virtualenv.interpreter)
    if not virtualenv.path.is_relative_to(side.root) or not commands.can_be_traced(command, virtualenv):
        return None
    pth = virtualenv.site_packages / _PTH_NAME
    try:
        line = f"import faulthandler; faulthandler.dump_traceback_later({_EVERY}, repeat=True)\n"
        pth.write_text(line, encoding="ascii")
        limits = replace(command.limits, wall=_WALL)
        side.budget = Budget(AttemptLimits())  # what never ends may have used up that of the checks
        env = {**command.env, "PYTHONUNBUFFERED": "1"}
        return side.execute(replace(command, env=env, limits=limits), shown=seen.command)
    except (OSError, LearnerError):
        return None
    finally:
        pth.unlink(missing_ok=True)


def line_at_work(stderr: str, files: ProjectFiles) -> tuple[str, int, str] | None:
    """File, line and function of the project that were at work all the time; None if none was.

    In a loop, that is the loop's first line: at which of its lines it is differs from time to time.

    Args:
        stderr: what faulthandler said. Of several threads it lists the main one last, of each the innermost line first.
        files: of the project.
    """
    stacks = [_stack(look, files) for look in stderr.split("Timeout (")[1:]]
    stacks = [stack for stack in stacks if stack][-_LOOKS:]
    if not stacks:
        return None
    together = zip(*stacks, strict=False)
    same = [*itertools.takewhile(lambda frames: len({(name, function) for name, _, function in frames}) == 1, together)]
    if not same:
        return None
    name, _, function = same[-1][0]
    lines = [line for _, line, _ in same[-1]]
    return name, _loop_around(files.text(name), min(lines), max(lines)), function


def _stack(look: str, files: ProjectFiles) -> list[tuple[str, int, str]]:
    """The project's own frames of the main thread, the outermost first."""
    thread = re.split(r"^(?:Current t|T)hread ", look, flags=re.MULTILINE)[-1]
    frames = [(files.of(frame[1]), int(frame[2]), frame[3]) for frame in _FRAME.finditer(thread)]
    return [frame for frame in reversed(frames) if frame[0]]


def _loop_around(source: str, first: int, last: int) -> int:
    """The line where the innermost loop begins that has these lines in it; without a loop, the first of them."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return first
    loops = (node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.AsyncFor, ast.While)))
    around = [node.lineno for node in loops if node.lineno <= first and last <= (node.end_lineno or node.lineno)]
    return max(around, default=first)
