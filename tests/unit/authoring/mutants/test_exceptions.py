import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from grader import catalog
from grader.authoring.mutants import diagnoses, exceptions, grading, table
from grader.authoring.mutants.generation import mutants_of
from grader.authoring.mutants.grading import GradedMutant, GradedMutants
from grader.authoring.mutants.results import Result, result_of
from grader.authoring.trials import tables
from grader.authoring.trials.edits import edit, edit_of
from grader.authoring.trials.results import Results, key_of
from grader.environment.interpreters import Interpreter
from grader.model import Attempt, CheckResult, Outcome, Verdict

(EXERCISE,) = catalog.load().find(["03"])
MUTANTS = list(mutants_of(EXERCISE))


def result(mutant, *lost, key="k"):
    """What became of a mutant that lost these checks."""
    return Result(key, mutant.id, "3.12.1", mutant.operator, mutant.before, mutant.after, 100 - len(lost), lost)


def test_entry_fits():
    """An entry is about the mutants that have all it says, whatever their lines' numbers and indentation."""
    mutant = next(each for each in MUTANTS if each.operator == "dot_forgotten")
    entry = exceptions.ListedMutant("outside: none", before=f"   {mutant.before}  \n", after=mutant.after)
    assert entry.fits(mutant)
    for changed in ({"operator": "other"}, {"file": "other.py"}, {"answer": "alternatives/none"}, {"after": "x"}):
        assert not exceptions.ListedMutant(**{"why": "", "before": mutant.before} | changed).fits(mutant)


def test_stale_entry():
    """An entry that is about no mutant any more is found."""
    living = exceptions.ListedMutant("outside: none", file=MUTANTS[0].file)
    dead = exceptions.ListedMutant("outside: none", before="import nothing")
    assert list(exceptions.unused([living, dead], MUTANTS)) == [dead]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[mutant]]\nwhy = "it is fine"\nbefore = "x"\n', "must begin with"),
        ('[[mutant]]\nwhy = "equivalent: "\nbefore = "x"\n', "must begin with"),
        ('[[mutant]]\nwhy = "outside: the text is free"\n', "needs `before` or `file`"),
        ('[[mutant]]\nbefore = "x"\n', "why"),
        ("[[mutants]]\n", "mutants"),
    ],
)
def test_faulty_list(tmp_path, monkeypatch, text, says):
    """A list without reasons, or about everything, or with unknown keys, is told as a fault."""
    path = tmp_path / "mutants.toml"
    path.write_text(text)
    monkeypatch.setattr(exceptions, "path_of", lambda _: path)
    faults = []
    assert exceptions.read(EXERCISE, faults) == ()
    assert any(says in fault for fault in faults)


def test_ungraded(tmp_path):
    """A mutant that could not be graded is told, and graded again by the next run."""
    results = Results(tmp_path / "results.jsonl", Result)
    ungraded = Result("two", MUTANTS[1].id, "3.12.1", "o", "b", "a", None, reason="no toolchain")
    (fault,) = grading._keep(MUTANTS[1], ungraded, results)
    assert "no toolchain" in fault.says
    assert results.get("two") is None
    assert list(grading._keep(MUTANTS[0], result(MUTANTS[0], "test_a", key="one"), results)) == []
    assert results.get("one") == result(MUTANTS[0], "test_a", key="one")


def test_table():
    """The table counts the noticed, the listed and the others, and the goals that are missed are named."""
    entry = exceptions.ListedMutant("outside: none", before="x")
    graded = [GradedMutant(mutant, (result(mutant, "test_a"),), None) for mutant in MUTANTS[:30]]
    graded += [GradedMutant(mutant, (result(mutant, "test_a"),), entry) for mutant in MUTANTS[30:32]]
    graded += [GradedMutant(mutant, (result(mutant),), entry) for mutant in MUTANTS[32:36]]
    graded += [GradedMutant(mutant, (result(mutant), result(mutant)), None) for mutant in MUTANTS[36:40]]
    mutants = GradedMutants(tuple(graded), {EXERCISE.name: 50}, ())
    rows = table.rows(mutants)
    assert [row.cells for row in rows] == [
        ("03_init_exports", "50", "40", "32", "4", "4", "88.9"),
        ("all", "50", "40", "32", "4", "4", "88.9"),
    ]
    assert len(list(table.missed_goals(rows))) == 2
    assert [says.partition("\n")[0] for says in table.survivors(graded)] == [each.id for each in MUTANTS[36:40]]
    assert tables.markdown(table.cells(rows)).splitlines()[-1] == "| all | 50 | 40 | 32 | 4 | 4 | 88.9 |"
    assert list(table.missed_goals(table.rows(replace(mutants, graded=tuple(graded[:30]))))) == []
    assert list(mutants.without_samples()) == []
    assert len(list(replace(mutants, made={EXERCISE.name: 40}).without_samples())) == 40


def attempt(*checks):
    """A grade of an answer, with these checks."""
    return Attempt(EXERCISE.name, 3, "", 1, Verdict.FAILED, 0, 100, "", checks)


@pytest.mark.parametrize(
    ("outcomes", "overdue"),
    [
        ([(Outcome.TIMEOUT, "late"), (Outcome.FAILED, "needs test_a")], True),
        ([(Outcome.TIMEOUT, "late"), (Outcome.FAILED, "wrong")], False),
        ([(Outcome.PASSED, None)], False),
    ],
)
def test_overdue(outcomes, overdue):
    """A mutant that lost nothing but time is told from one that was wrong, and from one that nobody noticed."""
    checks = [CheckResult(f"test_{index}", "", what, 50, says) for index, (what, says) in enumerate(outcomes)]
    found = result_of(MUTANTS[0], Interpreter(Path("python"), "3.12.1", Path("usr")), attempt(*checks))
    assert found.overdue == overdue
    assert found.noticed == (outcomes[0][0] is not Outcome.PASSED)


def test_key(tmp_path):
    """A result is one of an answer, of the checks, of the catalogued mistakes and of a Python; else it is made anew."""
    copy = replace(EXERCISE, folder=Path(shutil.copytree(EXERCISE.folder, tmp_path / "copy")))
    python = Interpreter(Path("python"), "3.12.1", Path("usr"))
    keys = [key_of("digest", EXERCISE, python), key_of("digest", copy, python), key_of("other", copy, python)]
    keys.append(key_of("digest", copy, Interpreter(Path("python"), "3.13.0", Path("usr"))))
    for name in ("mistakes/mistakes.toml", "mistakes/signatures.json", "hidden_tests/test_more.py"):
        with (copy.folder / name).open("a") as file:
            file.write("\n")
        keys.append(key_of("digest", replace(copy, folder=copy.folder), python))
    assert keys[0] == keys[1]
    assert len({*keys[1:]}) == 6


def test_misnamed():
    """A mutant that is taken for what wasn't edited is named with its edit, unless that is listed with a reason."""
    dots = next(each for each in MUTANTS if each.operator == "dot_forgotten" and "allocate" in each.before)
    (right,) = (each.name for each in EXERCISE.mistakes if each.name == "python2_imports")
    (wrong, *_) = (each.name for each in EXERCISE.mistakes if not edited(dots).is_about(edit_of(EXERCISE, each)))
    taken = [GradedMutant(dots, (replace_diagnosis(result(dots, "test_a"), name),), None) for name in (right, wrong)]
    mutants = GradedMutants(tuple(taken), {EXERCISE.name: 2}, ())
    (fault,) = diagnoses.misnamed(mutants)
    assert f"is taken for {wrong} (" in str(fault)
    assert dots.diff in str(fault)
    assert diagnoses.diagnosed(taken) == 2
    entry = exceptions.ListedMutant("told: for this test", before=dots.before)
    assert list(diagnoses.misnamed(replace(mutants, graded=(replace(taken[1], told=entry),)))) == []
    (needless,) = diagnoses.misnamed(GradedMutants((replace(taken[0], told=entry),), {EXERCISE.name: 1}, ()))
    assert "nothing that it fits is taken for something else; remove it." in str(needless)


def edited(mutant):
    """What a mutant changes."""
    before = (mutant.answer / mutant.file).read_text()
    return edit({mutant.file: before}, {mutant.file: mutant.content.decode()})


def replace_diagnosis(known, name):
    """The same result, taken for a mistake of that name."""
    return msgspec.structs.replace(known, diagnosis=name)
