"""What all executions of one attempt may take together, with real executions in each tier."""

import threading
import time

import pytest

from grader import catalog, grading
from grader.catalog import exercise_files
from grader.judge import budget
from grader.model import AttemptLimits, Outcome, Verdict

HEAD = '"""Hidden checks."""\nfrom grader.checks import check, expect, observation\n'
CHECK = '''
@observation
def seen_{number}(project):
    return project.python("slow.py", {number}, cwd=project.path)

@check(points=10, clause=1)
def test_{number}(seen_{number}):
    """Number {number} is done."""
    expect(seen_{number}, "What does it wait for?").stdout("done")
'''
BUILD = '''
@observation
def built(project):
    return project.build_wheel()

@check(points=100, clause=1)
def test_build(built):
    """It can be built."""
    expect(built, "What does setup.py do?")
'''
BURNING = "import time\nwhile time.process_time() < {seconds}: pass\nprint('done')\n"
SLEEPING = "import time\ntime.sleep({seconds})\nprint('done')\n"
# The others are children, and their parent sleeps.
BY_CHILDREN = (
    "import subprocess, sys\n"
    "lines = 'import time\\nwhile time.process_time() < {seconds}: pass'\n"
    "subprocess.run([sys.executable, '-c', lines])\nprint('done')\n"
)
QUICK = "print('done')\n"
WHAT_TO_DO = "Run your programs by hand, and make those faster that take long."


@pytest.fixture
def grade(tmp_path, interpreter, sandbox):
    """Grade files as a project whose checks are given, with limits by their names in exercise.toml."""
    folder = tmp_path / "exercises" / "01_slow"
    (folder / "hidden_tests").mkdir(parents=True)
    attempts = iter(range(10))

    def run(name, text, hidden, **limits):
        (folder / "hidden_tests" / "test_slow.py").write_text(HEAD + hidden)
        project = tmp_path / f"project{next(attempts)}"
        project.mkdir()
        (project / name).write_text(text)
        table = exercise_files.LimitsTable(**{"wall": 60.0, **limits})
        about = exercise_files.ExerciseFile("X", 1, (), (name,), limits=table)
        exercise = catalog.Exercise(1, "slow", folder, tmp_path / "solutions", about)
        return grading.grade(project, exercise, interpreter=interpreter, sandbox=sandbox)

    return run


def checks(count):
    """So many checks, each with an execution of its own."""
    return "".join(CHECK.format(number=number) for number in range(1, count + 1))


TEN = checks(10)


@pytest.mark.parametrize(
    ("program", "limits", "what"),
    [
        (BURNING, {"attempt_cpu": 1.2}, "1.2 s of processor time"),
        (BY_CHILDREN, {"attempt_cpu": 1.2}, "1.2 s of processor time"),
        (SLEEPING, {"attempt_wall": 1.2}, "1.2 s by the clock"),
    ],
    ids=["burning", "by children", "sleeping"],
)
def test_ten_slow_ones(grade, program, limits, what):
    """Ten programs within their own limits are ended when the attempt's is met, with one sentence and a grade."""
    attempt = grade("slow.py", program.format(seconds=0.5), TEN, **limits)
    assert (attempt.verdict, attempt.reason) == (Verdict.FAILED, None)
    lost = [check for check in attempt.checks if check.outcome is not Outcome.PASSED]
    # Two or three end before; which of those that run side by side, a busy machine decides. The later ones never begin.
    assert {f"test_{number}" for number in range(5, 11)} <= {check.id for check in lost}
    assert len(lost) < 10
    assert attempt.score == 10 * (10 - len(lost))
    assert {check.outcome for check in lost} == {Outcome.TIMEOUT}
    (message,) = {check.message for check in lost}
    assert message.startswith(f"Your project used up the {what} that all programs and builds of one attempt may take")
    assert message.endswith(WHAT_TO_DO)


def test_next_attempt(grade):
    """What one attempt used up is not missing in the next."""
    assert grade("slow.py", SLEEPING.format(seconds=60), TEN, attempt_wall=0.3).score == 0
    attempt = grade("slow.py", QUICK, TEN)
    assert (attempt.verdict, attempt.score) == (Verdict.PASSED, 100)


def test_side_by_side(grade):
    """Each of two programs that run at the same time counts, so the tier and its turns decide nothing."""
    attempt = grade("slow.py", SLEEPING.format(seconds=0.8), checks(2), attempt_wall=1.2)
    assert Outcome.TIMEOUT in {check.outcome for check in attempt.checks}


def test_within(grade):
    """What stays within the budget is graded as if there were none."""
    attempt = grade("slow.py", SLEEPING.format(seconds=0.3), checks(2), attempt_wall=60.0)
    assert attempt.score == 20


def test_build(grade):
    """A build takes of the budget, too, and one that takes all of it is the learner's failure."""
    attempt = grade("setup.py", "while True: pass\n", BUILD, attempt_cpu=0.5)
    (check,) = attempt.checks
    assert (attempt.verdict, attempt.score, check.outcome) == (Verdict.FAILED, 0, Outcome.TIMEOUT)
    assert "the 0.5 s of processor time" in check.message


@pytest.mark.parametrize("name", ["bytecode_cache", "plugin_entry_points"])
def test_honest_answer(name, interpreter, sandbox, monkeypatch):
    """The references that take longest use up a quarter of their budget at most, and not because nothing is counted."""
    made = []
    real = budget.Budget.__init__
    monkeypatch.setattr(budget.Budget, "__init__", lambda self, limits: (real(self, limits), made.append(self))[0])
    (exercise,) = catalog.load().find([name])
    assert grading.grade(exercise.reference, exercise, interpreter=interpreter, sandbox=sandbox).score == 100
    (spending,) = made
    clock, processor = spending.taken
    limits = exercise.attempt_limits
    assert 0.05 < clock < limits.wall / 4
    assert 0.05 < processor < limits.cpu / 4


def test_processor_time_comes_first():
    """Where both are used up at the same moment, it is always the same one that the learner is told of."""
    spending = budget.Budget(AttemptLimits(wall=1, cpu=1))
    assert spending.meter()(2.0, 2.0)
    assert "processor" in spending.spent


def test_spent_stays_spent():
    """What is said once doesn't change with what the others still use."""
    spending = budget.Budget(AttemptLimits(wall=1, cpu=1))
    first, second = spending.meter(), spending.meter()
    assert (first(0.6, 0.0), second(0.3, 0.0), second(0.6, 0.0)) == (False, False, True)
    said = spending.spent
    assert first(0.6, 5.0)
    assert spending.spent == said
    assert spending.taken == (1.2, 5.0)


class TestTurns:
    """Who runs next."""

    def test_order(self):
        """Of those that wait, the one of the observation declared first is next, whenever it came."""
        turns, ran = budget.Turns(1), []

        def run(position):
            budget.position.set(position)
            with turns.turn():
                ran.append(position)

        with turns.turn():
            threads = [threading.Thread(target=run, args=(position,)) for position in (3, 1, 2)]
            for count, thread in enumerate(threads, 1):
                thread.start()
                while len(turns._waiting) < count:
                    time.sleep(0.001)
        for thread in threads:
            thread.join(10)
        assert ran == [1, 2, 3]

    def test_at_once(self):
        """So many have a turn at the same time, and no more."""
        turns, met = budget.Turns(2), threading.Barrier(2)

        def run():
            with turns.turn():
                met.wait(10)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not met.broken
        assert turns._free == 2

    @pytest.mark.timeout(30)
    def test_interrupted_wait(self, monkeypatch):
        """An execution that gives up waiting holds up no other one."""
        turns = budget.Turns(1)
        with turns.turn():
            monkeypatch.setattr(threading.Event, "wait", _interrupt)
            with pytest.raises(KeyboardInterrupt), turns.turn():
                pass
            monkeypatch.undo()
        with turns.turn():
            assert turns._waiting == []
        assert turns._free == 1


def _interrupt(*_):
    raise KeyboardInterrupt
