import pytest

from grader import catalog
from grader.authoring.mutants import exceptions, table
from grader.authoring.mutants.generation import mutants_of
from grader.authoring.mutants.grading import GradedMutant
from grader.authoring.mutants.results import Result, Results

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


def test_results_last(tmp_path):
    """What is kept is known to the next run, even after a line that was cut short; what wasn't graded isn't kept."""
    path = tmp_path / "folder" / "results.jsonl"
    kept = Results(path)
    kept.add(result(MUTANTS[0], "test_a", key="one"))
    kept.add(Result("two", MUTANTS[1].id, "3.12.1", "o", "b", "a", None, reason="no toolchain"))
    with path.open("a") as file:
        file.write('{"key": "thr')
    again = Results(path)
    assert again.get("one") == result(MUTANTS[0], "test_a", key="one")
    again.add(result(MUTANTS[1], key="three"))
    assert Results(path).get("three") == result(MUTANTS[1], key="three")
    assert again.get("two") is again.get("three") is None


def test_table():
    """The table counts the noticed, the listed and the others, and the goals that are missed are named."""
    entry = exceptions.ListedMutant("outside: none", before="x")
    graded = [GradedMutant(mutant, (result(mutant, "test_a"),), None) for mutant in MUTANTS[:30]]
    graded += [GradedMutant(mutant, (result(mutant, "test_a"),), entry) for mutant in MUTANTS[30:32]]
    graded += [GradedMutant(mutant, (result(mutant),), entry) for mutant in MUTANTS[32:36]]
    graded += [GradedMutant(mutant, (result(mutant), result(mutant)), None) for mutant in MUTANTS[36:40]]
    rows = table.rows(graded)
    assert [row.cells for row in rows] == [
        ("03_init_exports", "40", "32", "4", "4", "88.9"),
        ("all", "40", "32", "4", "4", "88.9"),
    ]
    assert len(list(table.missed_goals(rows))) == 2
    assert [says.partition("\n")[0] for says in table.survivors(graded)] == [each.id for each in MUTANTS[36:40]]
    assert table.markdown(rows).splitlines()[-1] == "| all | 40 | 32 | 4 | 4 | 88.9 |"
    assert list(table.missed_goals(table.rows(graded[:30]))) == []
