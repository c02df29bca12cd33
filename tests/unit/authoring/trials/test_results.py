import msgspec

from grader.authoring.trials.results import Results


class Line(msgspec.Struct, frozen=True):
    """What a line of a file of results holds here."""

    key: str
    says: str


def test_results_last(tmp_path):
    """What is kept is known to the next run, even after a line that was cut short, which is forgotten."""
    path = tmp_path / "folder" / "results.jsonl"
    Results(path, Line).add(Line("one", "first"))
    with path.open("a") as file:
        file.write('{"key": "thr')
    again = Results(path, Line)
    assert again.get("one") == Line("one", "first")
    assert again.get("three") is None
    again.add(Line("three", "third"))
    last = Results(path, Line)
    assert (last.get("one"), last.get("three")) == (Line("one", "first"), Line("three", "third"))
