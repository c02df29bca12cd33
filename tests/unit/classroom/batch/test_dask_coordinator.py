import sys

import pytest

from grader.classroom.batch import dask_coordinator
from grader.classroom.batch.remote_messages import dask_mismatches, exercise_mismatch
from grader.errors import InfrastructureError


def test_not_installed(monkeypatch):
    """Without Dask a sentence says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InfrastructureError, match=r'pip install "import-kata\[classroom\]"'):
        dask_coordinator.dask_graders("tcp://127.0.0.1:1", None, print).__enter__()


def test_other_exercises():
    """What another catalogue lacks or has otherwise is named; what it has besides doesn't matter."""
    wanted = {"a": "1", "b": "2", "c": "3"}
    assert "for b, c;" in exercise_mismatch(wanted, {"a": "1", "b": "9", "d": "4"})
    assert exercise_mismatch(wanted, {**wanted, "d": "4"}) == ""


def test_dask_differs():
    """A part of Dask that is missing or of another version is named."""
    here = {"dask": "2", "distributed": "2"}
    assert list(dask_mismatches(here, {"dask": "2", "distributed": "2", "python": "3.9"})) == []
    assert list(dask_mismatches(here, {"dask": "1"})) == ["dask 1 instead of 2", "distributed missing instead of 2"]
