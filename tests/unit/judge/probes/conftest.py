"""Probes as the judge runs them, beside some learner code."""

import textwrap
from contextlib import closing
from dataclasses import dataclass

import pytest

from grader import sandbox as sandboxes
from grader.judge.probes import bodies, sealing
from grader.judge.probes.steps import split
from grader.model import Command, Execution
from grader.sandbox import REPORT


@dataclass
class Sent:
    """A probe that was run."""

    execution: Execution
    key: sealing.Key

    @property
    def stderr(self):
        """As a learner reads it."""
        return bodies.without_our_frames(self.execution.stderr.decode())

    def value(self):
        """What the judge sees."""
        return sealing.opened(self.execution.report, self.key)


@pytest.fixture
def execute(folder, interpreter):
    """Run a probe's lines, after an import of some lines of learner code, or beside the file that they are in."""

    def execute(body, *arguments, learner="", python=interpreter, options=("-S",), seed="0", given=None, file=""):
        (folder / "learner.py").write_text(textwrap.dedent(learner or file), encoding="utf-8")
        body = bodies.dedent(body)
        if learner:
            body = f"import learner\n{body}"
        key = sealing.new_key()
        lines = split(body, bodies.first_line(given or {}))
        stdin = sealing.sealed(lines, key, python, given=given, site="-S" not in options)
        argv = (str(python.executable), *options, *sealing.arguments(REPORT, python), *arguments)
        command = Command(argv, folder, {"PYTHONHASHSEED": seed}, stdin=stdin, report=True)
        with closing(sandboxes.choose("process")) as sandbox:
            return Sent(sandbox.run(command), key)

    return execute


@pytest.fixture
def look(execute):
    """Run a probe's lines, after some lines of learner code; gives the value that the judge sees."""

    def look(body, *arguments, **options):
        sent = execute(body, *arguments, **options)
        assert sent.execution.report, sent.stderr
        return sent.value()

    return look
