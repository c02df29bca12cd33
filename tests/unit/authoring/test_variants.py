"""Which answers are graded to prove an exercise, and under which interpreters."""

import shutil
from dataclasses import replace

import pytest

from grader import catalog
from grader.authoring.golden_messages import GoldenMessages
from grader.authoring.variants import variants_of
from grader.authoring.verification import for_mistakes
from grader.environment.interpreters import Interpreter


@pytest.fixture
def pythons(tmp_path):
    """Interpreters of three versions; none of them is run."""
    return [Interpreter(tmp_path / version, f"{version}.4", tmp_path) for version in ("3.10", "3.11", "3.13")]


@pytest.fixture(scope="module")
def exercise():
    """One of ours."""
    return catalog.load().exercises[0]


def test_all(exercise, pythons):
    """Every answer is graded under every interpreter."""
    seen = [(variant.label, variant.interpreter) for variant in variants_of(exercise, pythons)]
    answers = 4 + len(exercise.alternatives) + len(exercise.mistakes)
    assert len(set(seen)) == len(seen) == answers * len(pythons)


def test_newer_alternatives(exercise, pythons, tmp_path):
    """An answer that is right from some version on is graded under that version and newer ones only."""
    shutil.copytree(exercise.solutions, tmp_path / "solutions")
    shutil.copytree(exercise.reference, tmp_path / "solutions/alternatives-3.11/newer")
    changed = replace(exercise, solutions=tmp_path / "solutions")
    seen = [each.interpreter for each in variants_of(changed, pythons) if each.label.endswith("/newer")]
    assert seen == pythons[1:]
    assert len(changed.alternatives) == len(exercise.alternatives)


@pytest.mark.parametrize(
    ("kept", "version"), [("3.11", "3.11.4"), ("3.11.2", "3.11.4"), ("3.12", "3.13.4"), (None, "3.13.4")]
)
def test_quick(exercise, pythons, tmp_path, kept, version):
    """A quick proof grades mistakes under one version, alternatives also under another one, and all else under all.

    The one is that whose messages are kept, or else the newest; the other is the newest or the oldest, in turns.
    """
    if kept is not None:
        (tmp_path / f"{exercise.name}.txt").write_text(f"Python {kept}\n\nrest")
    chosen = for_mistakes(exercise, pythons, GoldenMessages(tmp_path) if kept else None)
    seen = list(variants_of(exercise, pythons, for_mistakes=chosen))
    assert {each.interpreter.version for each in seen if each.mistake is not None} == {version}
    found = [each for each in seen if "/alternatives/" in each.label]
    versions = [{each.interpreter.version for each in found if each.source == path} for path in exercise.alternatives]
    assert versions == [{version, "3.10.4" if number % 2 else "3.13.4"} for number in range(len(versions))]
    assert sum(each.mistake is None for each in seen) == 3 * 2 + len(found) + 2
