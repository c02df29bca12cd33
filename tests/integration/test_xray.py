"""`kata xray`: what it shows of real exercises, and that looking changes nothing.

By default a few answers of a few exercises are run with and without the recorder; KATA_XRAY_EXERCISES=all, or names
such as "01 circular_imports", runs all answers of those.
"""

import contextlib
import json
import os
import re
import time
from pathlib import Path

import pytest

from grader import catalog, grading, sandbox
from grader.authoring.variants import variants_of
from grader.environment import interpreters
from grader.environment.virtualenvs import Virtualenv
from grader.judge.checking import running
from grader.xray import commands
from grader.xray.tree.recorder_lines import lines_of
from grader.xray.tree.tree_builder import processes

CHOSEN = os.environ.get("KATA_XRAY_EXERCISES", "")
USUALLY = {
    "path_appending": ("stub", "inserted_first"),
    "circular_imports": ("stub", "fallback_to_none"),
    "import_hook": ("solutions/reference",),
}
"""What is tried unless all is wanted: stubs, references and mistakes of these names."""
_ADDRESS = re.compile(rb"0x[0-9a-f]{6,}")


def stub(exercises, name):
    """Options that look at a stub."""
    return (name[:2], "--project", exercises[name] / "stub", "--sandbox", "process")


def test_first_failing_check(kata, exercises):
    """Without a command it is what the first failing check runs, and the reason stands at the end."""
    seen = kata("xray", *stub(exercises, "01_path_appending"))
    assert seen.returncode == 0, seen.stderr
    lines = seen.stdout.splitlines()
    assert "It runs from its own project folder. (failed)" in lines
    assert "cd \"$PROJECT\" && python -B bin/report.py 'north quay'" in lines
    assert "             sys.path[0] $PROJECT/bin: no" in lines
    assert (
        "-  Python found no module `soundings`: it isn't built in, and none of the 5 places on sys.path has it."
        in lines
    )
    assert "Python found no module `soundings`: lib/soundings.py is there, but lib/ is not on sys.path." in lines


def test_nothing_failed(kata):
    """Where all checks pass it is what the first one looks at last."""
    seen = kata("xray", "path_appending", "--solutions", "--sandbox", "process")
    assert "It runs from its own project folder. (passed)" in seen.stdout
    assert "sys.path[5] $COPY/lib: soundings.py" in seen.stdout


def test_circle(kata, exercises):
    """The circle of an exercise about circles is told in one sentence."""
    seen = kata("xray", *stub(exercises, "17_circular_imports"))
    assert "A circle: dock.booking imports dock.billing imports dock.booking, which was half made." in seen.stdout


def test_the_very_command(kata, exercises):
    """What is looked at is the command that is shown: its lines have the numbers of the tree."""
    content = json.loads(kata("xray", *stub(exercises, "13_from_bindings"), "--format", "json").stdout)
    lines = content["command"].partition(" -c '")[2].splitlines()
    steps = content["processes"][0]["steps"][-1]["loads"][0]["execution"]["steps"]
    imports = [step for step in steps if step["kind"] == "statement"]
    assert len(imports) > 1
    assert [lines[step["line"] - 1] for step in imports] == [step["text"] for step in imports]


def test_named_command(kata, exercises):
    """A command of one's own runs in the project's folder, with its variables."""
    words = ("PYTHONPATH=lib", "python", "-c", "import soundings, report")
    seen = kata("xray", *stub(exercises, "01_path_appending"), "--format", "json", "--", *words)
    content = json.loads(seen.stdout)
    assert (content["check"], content["cwd"], content["status"]) == (None, "$PROJECT", 1)
    assert content["command"] == "cd \"$PROJECT\" && PYTHONPATH=lib python -c 'import soundings, report'"
    (process,) = content["processes"]
    first, second = process["steps"][-1]["loads"][0]["execution"]["steps"]
    assert first["loads"][0]["search"]["found"]["origin"] == "$PROJECT/lib/soundings.py"
    assert second["error"] == "ModuleNotFoundError: No module named 'report'"


def test_installed_command(kata, solutions):
    """The name of a command that the project installs runs that."""
    reference = solutions["05_setup_py"] / "reference"
    seen = kata("xray", "05", "--project", reference, "--sandbox", "process", "--", "tidelog")
    assert "$VENV/bin/tidelog runs as __main__" in seen.stdout
    assert "site-packages: tidelog/__init__.py" in seen.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("99",), "There is no exercise '99'."),
        (("01", "--workspace", "nowhere"), "There is no workspace nowhere"),
        (("01", "--solutions", "--", "tidelog"), "This project installs no commands, so there is no tidelog"),
        (("01", "--solutions", "--", "bin/report.py"), "try -- python bin/report.py"),
        (("01", "--solutions", "--", "A=1"), "There is no command after the variables"),
        (("01", "--solutions", "--python", "2.7"), "2.7"),
        (("01", "--solutions", "--project", "."), "Give only one of"),
    ],
)
def test_wrong_usage(kata, words, says):
    """What can't be looked at is refused in a sentence."""
    seen = kata("xray", *words, "--sandbox", "process") if "--" not in words else kata("xray", *words)
    assert seen.returncode == 2, seen.stdout
    assert says in seen.stderr


def test_report_names_it(kata):
    """The report of a failing check names the x-ray to run, and that runs."""
    seen = kata("grade", "path_appending", "--sandbox", "process")
    (line,) = [line.split() for line in seen.stdout.splitlines() if line.strip().startswith("look:")]
    assert line == ["look:", "kata", "xray", "path_appending"]
    assert "It runs from its own project folder. (failed)" in kata(*line[2:], "--sandbox", "process").stdout


def wanted():
    """The answers to compare."""
    exercises = catalog.load().find([] if CHOSEN == "all" else CHOSEN.split() or list(USUALLY))
    for exercise in exercises:
        for variant in variants_of(exercise, (interpreters.current(),)):
            if CHOSEN or variant.label.removeprefix("mistakes/") in USUALLY[exercise.slug]:
                yield pytest.param(variant, id=f"{exercise.name} {variant.label}")


@pytest.fixture(scope="module")
def confinement():
    """The best sandbox that works here."""
    with contextlib.closing(sandbox.choose()) as opened:
        yield opened


@pytest.mark.sweep
@pytest.mark.parametrize("variant", tuple(wanted()))
def test_looking_changes_nothing(variant, confinement, tmp_path):
    """Each command of each check ends, prints, complains and reports with the recorder as without it."""
    root = Path(confinement.folder, re.sub(r"\W", "_", tmp_path.name))
    root.mkdir()
    project = grading.prepare(
        variant.lay_out(tmp_path / "answer"),
        variant.exercise,
        root,
        interpreter=variant.interpreter,
        sandbox=confinement,
    )
    ran = []
    project.side.noticed = ran.append
    running.run(variant.exercise, project)
    project.side.noticed = lambda _: None
    looked_at = 0
    for seen in ran:
        command = seen.unsealed or seen.execution.command
        virtualenv = Virtualenv(Path(command.argv[0]).parents[1], variant.interpreter)
        if virtualenv.path.is_relative_to(root) and commands.can_be_traced(command, virtualenv):
            looked_at += _compare(project.side, virtualenv, command)
    assert looked_at or not ran


def _compare(side, virtualenv, command):
    """Run a command both ways; a probe as the program that it is by hand."""
    seen = commands.run(side, virtualenv, command, shown="", everything=False)
    lines, whole = lines_of(seen.execution.report)
    assert whole
    assert processes(lines, seen.scrub)
    came = _results(seen.execution)
    expected = _results(side.execute(command, shown="").execution)
    if came != expected:
        # What prints times, or addresses, differs each time; bytecode holds the second in which its source was written.
        time.sleep(1)
        others = [_results(side.execute(command, shown="").execution) for _ in range(3)]
        assert any(other != expected for other in others), (came, expected)
    return 1


def _results(execution):
    error = execution.stderr
    if b"RecursionError" in error:  # how deep it is when it comes is the one thing that the recorder changes
        error = error.rstrip().rpartition(b"\n")[2].partition(b":")[0]
    return execution.ending, execution.status, _ADDRESS.sub(b"0x", execution.stdout), _ADDRESS.sub(b"0x", error)
