"""What several modules of unit tests start from: real interpreters, virtualenvs and sandboxes in fresh folders."""

import dataclasses
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from grader import sandbox as sandboxes
from grader import scoring
from grader.environment import cache, interpreters, virtualenvs
from grader.judge.execution import LearnersSide
from grader.judge.projects import Project
from grader.model import Attempt, CheckResult, Command, Limits, Outcome, Run, Step, Verdict

# No deadline: a loaded machine is no fault of the code.
settings.register_profile("unit", deadline=None, print_blob=True)
settings.load_profile("unit")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keep what the tests make away from the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.FOLDER_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def interpreter():
    """The interpreter below the one that runs the tests."""
    return interpreters.current()


@pytest.fixture
def folder(tmp_path):
    """An empty folder that whoever runs an execution may look into."""
    path = tmp_path.resolve() / "folder"
    path.mkdir()
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def virtualenv(tmp_path_factory, interpreter):
    """A virtualenv that no test changes."""
    return virtualenvs.create(interpreter, tmp_path_factory.mktemp("virtualenv").resolve() / "env")


@pytest.fixture(params=sandboxes.TIERS)
def sandbox(request):
    """A sandbox of each tier that works here."""
    if request.param == "bubblewrap" and (why_not := sandboxes.why_not_bubblewrap()):
        pytest.skip(f"bubblewrap: {why_not}")
    with closing(sandboxes.choose(request.param)) as opened:
        yield opened


@pytest.fixture
def run(sandbox, interpreter, folder):
    """Run lines of Python in the sandbox, in an empty folder; keywords become fields of the command."""

    def run_lines(lines, *arguments, **fields):
        argv = (str(interpreter.executable), "-I", "-S", "-c", lines, *map(str, arguments))
        command = Command(argv, folder, {}, reads=(interpreter.prefix, folder))
        return sandbox.run(dataclasses.replace(command, **fields))

    return run_lines


@pytest.fixture
def make_project(tmp_path_factory, virtualenv):
    """Lay out files as a project on a learner's side of its own, in the tier that works everywhere."""
    opened = []

    def make(files=(), **limits):
        root = tmp_path_factory.mktemp("side").resolve()
        project = root / "project"
        project.mkdir()
        for name, text in dict(files).items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        confinement = sandboxes.choose("process")
        opened.append(confinement)
        side = LearnersSide(root, virtualenv, confinement, Limits(**limits), Limits(**limits), "0" * 64)
        return Project(side, virtualenv, path=project)

    yield make
    for confinement in opened:
        confinement.close()


@pytest.fixture(scope="session")
def make_check():
    """One check's result; keywords replace its fields."""

    def make(outcome=Outcome.PASSED, points=10, **fields):
        check = CheckResult("test_any_folder", "It runs from any folder.", Outcome(outcome), points)
        return dataclasses.replace(check, **fields)

    return make


@pytest.fixture(scope="session")
def make_run(make_check):
    """One run with one attempt with one failed check, whose message and other fields are given."""

    def make(message="got: nothing\n\nWhy?\n\nran:  python report.py", *, check=None, **fields):
        step = Step("python report.py", "$PROJECT", 1, "", "ModuleNotFoundError: soundings")
        failed = make_check("failed", 100, message=message, transcript=(step,))
        checks = (dataclasses.replace(failed, **(check or {})),)
        attempt = Attempt("path_appending", 1, "The shelf", 1, Verdict.FAILED, 0, 100, "0" * 64, checks, seconds=1.5)
        attempt = dataclasses.replace(attempt, **fields)
        score = scoring.score((attempt,))
        return Run("3.12.1", "bubblewrap", (attempt,), score, attempt.verdict, seconds=2.0)

    return make


def pytest_report_header():
    """Say why tests of the best sandbox are skipped, if they are."""
    why_not = sandboxes.why_not_bubblewrap()
    return (
        f"sandbox: process only, since bubblewrap does not work here: {why_not}" if why_not else "sandbox: bubblewrap"
    )


def pytest_collection_modifyitems(items):
    """Every test states the property it holds."""
    here = Path(__file__).parent
    silent = [item.nodeid for item in items if here in item.path.parents and not (item.function.__doc__ or "").strip()]
    if silent:
        raise pytest.UsageError("These tests have no docstring that states their property: " + ", ".join(silent))
