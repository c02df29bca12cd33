"""Places in the learner's files are named as a terminal opens them: `file:line`, from the current folder."""

import pytest

from grader.explaining import places


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project in the current folder."""
    folder = tmp_path / "01_tide"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "tide.py").write_text("x\n")
    (folder / "bad\x1b.py").write_text("x\n")
    (tmp_path / "outside.py").write_text("x\n")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bin/tide.py, line 3 imports it.", "01_tide/bin/tide.py:3 imports it."),
        ("It stopped at bin/tide.py, line 31.", "It stopped at 01_tide/bin/tide.py:31."),
        ("gone.py, line 3 imports it.", "gone.py, line 3 imports it."),
        ("../outside.py, line 3", "../outside.py, line 3"),
        ("/etc/passwd, line 3", "/etc/passwd, line 3"),
        (f"{'a' * 5000}, line 3", f"{'a' * 5000}, line 3"),
    ],
)
def test_sentences(project, text, shown):
    """A file of the project with its line is named from here; what is no file of the project stays as it is."""
    assert places.in_sentence(text, project) == shown


def test_harmless(project):
    """The name of a file can't act on a terminal."""
    assert places.in_sentence("bad\x1b.py, line 3", project) == "01_tide/bad\\x1b.py:3"


def test_from_elsewhere(project, monkeypatch):
    """In the project the path is shorter; from where the way is longer than the whole path, that is shown."""
    monkeypatch.chdir(project / "bin")
    assert places.in_sentence("bin/tide.py, line 3", project) == "tide.py:3"
    monkeypatch.chdir("/")
    assert places.from_here(project) == str(project).lstrip("/")
    deep = project.parent / "/".join("abcdefghijklmnopqrstuvwxyz" * 2)
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert places.from_here(project) == str(project)


def test_tracebacks(project):
    """Of a message only tracebacks change: what was expected is told in the words of the check."""
    message = 'expected: $PROJECT/bin/tide.py\nstderr:   File "$PROJECT/bin/tide.py", line 3, in <module>'
    shown = 'expected: $PROJECT/bin/tide.py\nstderr:   File "01_tide/bin/tide.py", line 3, in <module>'
    assert places.in_traceback(message, project) == shown
    other = 'stderr: File "$COPY/bin/tide.py", line 3, in f\n  File "$PROJECT/gone.py", line 3'
    assert places.in_traceback(other, project) == other


def test_archives(project):
    """Nothing in an archive can be opened, so all stays as it is."""
    archive = project.with_suffix(".zip")
    archive.write_bytes(b"")
    assert places.in_sentence("bin/tide.py, line 3", archive) == "bin/tide.py, line 3"
