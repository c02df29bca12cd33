"""`kata repeat`: what a check ran is laid out in a folder, shown, and run again with the same result."""

import ast
import json
import re
import shlex
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from grader import catalog, sandbox
from grader.authoring.variants import lay_out_mistake
from grader.environment import interpreters
from grader.errors import LearnerError
from grader.explaining.diagnosis import is_wrong_under
from grader.learning.guidance import repeating
from grader.model import Ending, Outcome

EXERCISES = catalog.load().exercises
DIFFERS = {
    "08_bytecode_cache": "bytecode holds times, and a folder lists its files in whatever order",
    "12_zip_archives": "an archive holds times, and files in whatever order",
    "29_tests_import": "pytest says how long it took",
    "31_spawned_main": "its children race",
}
"""Exercises in which a run of the same lines may see something else, and why."""


@pytest.fixture(scope="module")
def box():
    """A sandbox."""
    with closing(sandbox.choose(hidden=catalog.load().hidden)) as confined:
        yield confined


def repeated(exercise, box, folder, left):
    """For each check that is left a repetition of how some mistake loses it; those with one are left no more."""
    python = interpreters.current()
    for mistake in exercise.mistakes:
        wanted = sorted(left & {*mistake.loses})
        if not wanted or not is_wrong_under(mistake, python.version):
            continue
        lay_out_mistake(exercise, mistake, folder / mistake.name)
        made = repeating.repeat_all(folder / mistake.name, exercise, wanted, interpreter=python, sandbox=box)
        for each in made:
            if each.before is not None or each.check.outcome is Outcome.SKIPPED:
                left.discard(each.check.id)
            if each.before is not None:
                yield each
        shutil.rmtree(made[0].folder)


def comparable(value):
    """A value without what differs from run to run: addresses, times in bytecode, and how a probe names its lines."""
    if isinstance(value, dict):
        return {comparable(name): comparable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [comparable(each) for each in value if each != "<probe>"]
    if isinstance(value, str):
        value = re.sub(r"0x[0-9a-f]+", "0x…", value)
        return re.sub(r"(b[\"'](?:\\x..|.)\\r\\r\\n).*", r"\1…", value, flags=re.DOTALL)
    return value


def as_printed(stdout):
    """What a probe saw, from what its lines printed last; None where that is no literal."""
    try:
        return json.loads(json.dumps(ast.literal_eval(stdout.strip().splitlines()[-1])))
    except (SyntaxError, ValueError, IndexError):
        return None


@pytest.mark.sweep
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_check(exercise, box, tmp_path):
    """Of every check that a mistake loses by what it runs, the same comes again, also from the script alone."""
    same = exercise.name not in DIFFERS
    python = interpreters.current().version
    wrong = [mistake for mistake in exercise.mistakes if is_wrong_under(mistake, python)]
    left = {name for mistake in wrong for name in mistake.loses}
    for each in repeated(exercise, box, tmp_path, left):
        before, again = each.before, each.again
        assert again.ending is before.ending
        if before.key is not None:
            try:
                value = before.value
            except LearnerError:  # the program ended before its lines did
                assert again.status == before.status
            else:
                printed = as_printed(again.stdout)
                if printed is None or not same:
                    assert again.stdout.strip().endswith(("}", "]")), (each.check.id, again.stderr)
                else:
                    assert comparable(printed) == comparable(value), each.check.id
        elif each.built is None:
            assert again.status == before.status
            assert not same or (again.stdout, again.stderr) == (before.stdout, before.stderr)
        if again.ending is Ending.EXITED:
            ran = subprocess.run([each.script], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            assert ran.returncode == again.status, (each.check.id, ran.stderr)
            if each.built is None and same:
                one, other = (comparable(as_printed(text) or text) for text in (ran.stdout, again.stdout))
                assert one == other, each.check.id
    assert left == set()


def test_command(kata):
    """The command shows what was expected, the lines, the script, and what came; the script does the same again."""
    seen = kata("repeat", "02", "silent_import", "--project", catalog.load().find(["02"])[0].stub)
    assert seen.returncode == 0, seen.stderr
    for text in ("expected: nothing on stdout", "import tally", "\n    4 vessels", "exit status 0"):
        assert text in seen.stdout
    script = next(line for line in seen.stdout.splitlines() if line.startswith("    sh "))
    folder = Path(shlex.split(script)[1]).parent
    assert subprocess.run(script, shell=True, capture_output=True, text=True, check=True).stdout == "4 vessels\n"
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["02", "silnt"], "no check named 'silnt'. Name one of: test_unreadable_log, "),
        (["02", "test"], "more than one check named 'test'. Name one of: "),
        (["02", "one", "two"], "an exercise and a check, not more: 02 one two"),
        ([], "Name an exercise, like 01"),
    ],
)
def test_wrong_usage(kata, tmp_path, words, says):
    """What isn't clear is said with what there is, and no folder is left behind."""
    stub = catalog.load().find(["02"])[0].stub
    seen = kata("repeat", *words, "--project", stub, env={"TMPDIR": str(tmp_path)})
    assert (seen.returncode, seen.stdout) == (2, "")
    assert says in seen.stderr
    assert not list(tmp_path.glob("kata-repeat-*"))


def test_passed(kata):
    """A check that is passed can be repeated as well."""
    seen = kata("repeat", "02", "as_module", "--solutions")
    assert "This check is passed." in seen.stdout
    shutil.rmtree(Path(seen.stdout.rpartition("stay in ")[2].partition(" until")[0]))
