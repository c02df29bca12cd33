"""For authors who debug: `pytest exercises/01_path_appending/hidden_tests --project DIR`, with all that pytest can do.

The grader runs the same checks through the same plugin; only the traceback is pytest's here.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from grader import catalog, sandbox
from grader.environment import interpreters
from grader.errors import KataError
from grader.judge.checking import declarations
from grader.judge.checking.observations import Observations
from grader.judge.checking.plugin import ChecksPlugin
from grader.judge.preparation import prepare

_opened = pytest.StashKey[ExitStack]()
_remarks = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("import-kata", "hidden checks of import-kata")
    group.addoption("--project", metavar="DIR", help="try hidden checks on this project")
    group.addoption("--project-python", metavar="PYTHON", help="version or path of the interpreter to grade under")


def pytest_configure(config: pytest.Config) -> None:
    """With --project, make everything that the hidden checks among the arguments need."""
    project = config.getoption("--project")
    if project is None:
        return
    stack = config.stash[_opened] = ExitStack()
    try:
        _open(config, stack, Path(project))
    except KataError as error:
        raise pytest.UsageError(str(error)) from error


def _open(config: pytest.Config, stack: ExitStack, folder: Path) -> None:
    exercise = _exercise(config)
    python = config.getoption("--project-python")
    interpreter = interpreters.find(python) if python else interpreters.current()
    confinement = sandbox.choose()
    stack.callback(confinement.close)
    project = prepare(folder, exercise, confinement.folder, interpreter=interpreter, sandbox=confinement)
    config.stash[_remarks] = [*project.side.remarks]
    modules = declarations.load_all(exercise.hidden_tests)
    observations = Observations(modules, project)
    stack.callback(observations.join, exercise.about.limits.check_timeout)
    plugin = ChecksPlugin(modules, exercise.about.limits.check_timeout)
    plugin.begin(observations)
    config.pluginmanager.register(plugin)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what of the project doesn't count."""
    return config.stash.get(_remarks, [])


def _exercise(config: pytest.Config) -> catalog.Exercise:
    for argument in config.args:
        path = Path(argument.split("::")[0]).resolve()
        for folder in (path, *path.parents):
            if (folder / "exercise.toml").is_file():
                return catalog.load(folder.parent.parent).find([folder.name])[0]
    raise pytest.UsageError("--project tries the hidden checks of one exercise: name its hidden_tests folder.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hidden checks need a project, and a project is one exercise's."""
    folders = {item.path.parent for item in items if (item.path.parent.parent / "exercise.toml").is_file()}
    if folders and config.getoption("--project") is None:
        raise pytest.UsageError("Hidden checks are tried on a project: add --project DIR.")
    if len(folders) > 1:
        raise pytest.UsageError("--project tries the hidden checks of one exercise; name the folder of one.")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    stack = config.stash.get(_opened, None)
    if stack is not None:
        stack.close()
