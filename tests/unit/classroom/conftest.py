"""A course in an empty folder, and its ledger."""

import pytest

from grader import catalog
from grader.classroom.records import course, ledger

DUE = "2027-01-31T12:00:00+00:00"


@pytest.fixture
def a_course(tmp_path):
    """A course of two exercises, the first of which is due."""
    course.create(tmp_path, "Term")
    path = tmp_path / course.SETTINGS
    text = path.read_text().replace("exercises = []", 'exercises = ["01", "02"]')
    path.write_text(text.replace("# path_appending = 2026-12-06T23:59:00+01:00", f"path_appending = {DUE}"))
    return course.open_(tmp_path, catalog.load())


@pytest.fixture
def book(a_course):
    """The course's ledger."""
    opened = ledger.open_(a_course.ledger)
    yield opened
    opened.close()
