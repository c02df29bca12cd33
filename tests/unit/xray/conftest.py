"""Run a program with the recorder."""

import itertools
from contextlib import closing

import pytest

from grader import sandbox as sandboxes
from grader.environment import virtualenvs
from grader.judge.execution import LearnersSide
from grader.judge.projects import Project
from grader.model import AttemptLimits, Limits
from grader.xray import commands
from grader.xray.tree.recorder_lines import lines_of
from grader.xray.tree.tree_builder import processes

LIMITS, TOGETHER = Limits(), AttemptLimits()


@pytest.fixture
def desk(tmp_path, interpreter):
    """Run words of a command in a project of these files, with the recorder or without it."""
    numbers = itertools.count()
    with closing(sandboxes.choose("process")) as confinement:

        def run(
            files,
            *words,
            python=interpreter,
            env=None,
            recorded=True,
            limits=LIMITS,
            together=TOGETHER,
            **options,
        ):
            root = tmp_path.resolve() / f"side {next(numbers)}"
            for name, content in {"main.py": "", **files}.items():
                path = root / "project" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
            virtualenv = virtualenvs.create(python, root / "env")
            side = LearnersSide(root, virtualenv, confinement, limits, limits, "0" * 64, together)
            project = Project(side, virtualenv, path=root / "project")
            argv = [virtualenv.python, *(words or ("main.py",))]
            command = project.command(argv, cwd=project.path, env=env or {})
            if not recorded:
                return side.execute(command, shown="")
            options = {"everything": False, **options}
            return commands.run(side, virtualenv, command, shown="", **options)

        yield run


@pytest.fixture
def xray(desk):
    """Run a command with the recorder; gives what its processes imported."""

    def run(files, *words, **options):
        seen = desk(files, *words, **options)
        lines, whole = lines_of(seen.execution.report)
        assert whole
        return processes(lines, seen.scrub)

    return run
