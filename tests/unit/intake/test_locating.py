"""Where in what somebody handed in the project is."""

import contextlib
import io
import random
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import catalog, intake
from grader.errors import IntakeError
from grader.intake import locating

EXERCISES = catalog.load(None).exercises
ANSWERS = [
    pytest.param(exercise, answer, id=f"{exercise.name}-{answer.name}")
    for exercise in EXERCISES
    for answer in (exercise.reference, *exercise.alternatives, *exercise.newer_alternatives)
]
CLUTTER = {
    "__MACOSX/._report.py": b"\0",
    ".DS_Store": b"\0",
    ".git/config": b"[core]",
    ".venv/pyvenv.cfg": b"home = /usr",
    ".venv/lib/python3.12/site-packages/setup.py": b"",
    "node_modules/x/pyproject.toml": b"",
    "report.pdf": b"%PDF-1.7",
    "notes.ipynb": b"{}",
}


def files_of(folder):
    """Names and contents of all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def zipped(files):
    """A zip of these."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files):
    """A tar.gz of these."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return buffer.getvalue()


def in_folder(*names):
    """The files in a folder, or in folders in folders."""
    return lambda files, _: {"/".join((*names, name)): content for name, content in files.items()}


def in_workspace(files, exercise):
    """The project among the stubs of all other exercises."""
    others = {
        f"workspace/{each.name}/{name}": content
        for each in EXERCISES
        if each is not exercise
        for name, content in files_of(each.stub).items()
    }
    return others | {f"workspace/{exercise.name}/{name}": content for name, content in files.items()}


WRAPPINGS = {
    "as it is": lambda files, _: files,
    "in a folder": in_folder("submission"),
    "in a folder of the exercise's name": lambda files, exercise: in_folder(exercise.name)(files, exercise),
    "in a folder of its slug, a copy": lambda files, exercise: in_folder(f"{exercise.slug} (1)")(files, exercise),
    "in three folders": in_folder("home", "me", "Desktop work"),
    "in a folder called build": in_folder("build"),
    "beside what tools leave": lambda files, _: files | CLUTTER,
    "in a folder beside a PDF": lambda files, _: in_folder("x")(files, _) | {"report.pdf": b"%PDF", "README.txt": b""},
    "in a workspace": in_workspace,
    "a zip beside a PDF": lambda files, _: {"work.zip": zipped(files), "report.pdf": b"%PDF"},
    "a zip in a folder": lambda files, _: {"x/work.ZIP": zipped(in_folder("y")(files, _))},
    "a tar in a folder": lambda files, _: {"x/work.tar.gz": tarred(files)},
}
PACKINGS = {"folder": None, "x.zip": zipped, "x.ZIP": zipped, "x.tar.gz": tarred}


def lay_out(files, packing, place):
    """The files as a folder or an archive."""
    if PACKINGS[packing] is None:
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        return place
    place.mkdir()
    (place / packing).write_bytes(PACKINGS[packing](files))
    return place / packing


def taken(source, exercise, target):
    """The files of a project that was taken in."""
    intake.take_in(source, target, intake.project_of(exercise))
    return files_of(target)


@pytest.mark.sweep
@pytest.mark.parametrize(("exercise", "answer"), ANSWERS)
def test_right_answers(exercise, answer, tmp_path):
    """However a right answer of any exercise is wrapped and packed, it is taken in as the same files."""
    files = {name: content for name, content in files_of(answer).items() if "__pycache__" not in name}
    # Not every answer in every way: each has its own draw, which is always the same.
    drawn = random.Random(f"{exercise.name}/{answer.name}")
    ways = [(wrapping, drawn.choice(list(PACKINGS))) for wrapping in WRAPPINGS]
    for number, (wrapping, packing) in enumerate(ways):
        source = lay_out(WRAPPINGS[wrapping](files, exercise), packing, tmp_path / f"{number} x")
        found = taken(source, exercise, tmp_path / f"{number}")
        assert {name: found.get(name) for name in files} == files, (wrapping, packing)
        assert found.keys() - files.keys() <= {"report.pdf", "notes.ipynb"}, (wrapping, packing)


@pytest.mark.sweep
@pytest.mark.parametrize(("exercise", "answer"), ANSWERS[::5])
def test_twice(exercise, answer, tmp_path):
    """What was taken in once is found as it is when it is taken in again, as from a store."""
    once = taken(
        lay_out(in_folder("a", "b")(files_of(answer), exercise), "x.zip", tmp_path / "x"), exercise, tmp_path / "1"
    )
    assert taken(lay_out(once, "x.zip", tmp_path / "y"), exercise, tmp_path / "2") == once


def exercise_called(number):
    """One of the exercises."""
    return next(each for each in EXERCISES if each.number == number)


def found(exercise, *files):
    """Where a project is among files, or why nobody knows."""
    try:
        return locating.project_of(exercise)([tuple(file.split("/")) for file in files])
    except IntakeError as error:
        return str(error)


class TestUnclear:
    """What is refused, and what isn't."""

    def test_two_folders(self):
        """Of two folders nobody knows which is meant, unless one has the exercise's name."""
        tally = exercise_called(2)
        assert "more than once (new and old)" in found(tally, "new/tally.py", "old/tally.py")
        assert found(tally, "02_main_guard/tally.py", "old/tally.py").folder == ("02_main_guard",)
        assert "more than once" in found(tally, "a/main_guard/tally.py", "b/main_guard/tally.py")

    def test_given_files(self):
        """A folder with the given files is meant, rather than one with a file of the same name as the learner's."""
        setup = exercise_called(5)
        assert found(setup, "x/setup.py", "x/tidelog/cli.py", "other/setup.py").folder == ("x",)

    def test_copy_in_the_project(self):
        """A copy of all of it in the project's folder is a part of that project."""
        tally = exercise_called(2)
        assert found(tally, "tally.py", "log.txt", "backup/tally.py", "backup/log.txt").folder == ()
        assert found(tally, "x/tally.py", "x/backup/tally.py", "x/backup/log.txt").folder == ("x",)

    def test_settings_of_a_repository(self):
        """A `pyproject.toml` at the top of a repository doesn't make all of it the project."""
        quay = exercise_called(20)
        files = [f"20_src_layout/{name}" for name in (*quay.about.learner, *quay.about.given)]
        assert found(quay, "pyproject.toml", *files).folder == ("20_src_layout",)
        others = [file.replace("20_src_layout", "x") for file in files]
        assert "more than once (the top and x)" in found(quay, "pyproject.toml", *others)
        buoys = exercise_called(29)  # which has no given files
        files = [f"{buoys.name}/{name}" for name in buoys.about.learner]
        for top in ("", "repository/"):
            named = [top + name for name in ("pyproject.toml", *files)]
            assert "/".join(found(buoys, *named).folder) == f"{top}{buoys.name}"

    def test_old_copy_of_the_exercise(self):
        """A copy in the project's folder isn't meant, though it has the exercise's name, wherever that folder is."""
        tally = exercise_called(2)
        for top in ("", "x/", "a/b/"):
            files = [f"{top}{inner}{name}" for inner in ("", "02_main_guard/") for name in ("tally.py", "log.txt")]
            assert "/".join(found(tally, *files).folder) == top.strip("/")

    @pytest.mark.parametrize(
        ("number", "files", "moves"),
        [
            (2, ["tally (1).py"], {"tally (1).py": "tally.py"}),
            (2, ["tally-2.py", "report.pdf"], {"tally-2.py": "tally.py"}),
            (2, ["tally - Copy.py", "x.txt"], {"tally - Copy.py": "tally.py"}),
            (2, ["tally copy.py", "x.txt"], {"tally copy.py": "tally.py"}),
            (2, ["my answer.py"], {"my answer.py": "tally.py"}),
            (1, ["report.py"], {"report.py": "bin/report.py"}),
            (13, ["flags.py", "deck.py"], {"flags.py": "signalbox/flags.py", "deck.py": "signalbox/deck.py"}),
        ],
    )
    def test_single_files(self, number, files, moves):
        """Single files are put where they belong."""
        where = found(exercise_called(number), *files)
        assert {"/".join(name): "/".join(place) for name, place in where.moves.items()} == moves

    def test_single_files_unclear(self):
        """Two files of one name, files in several folders and several archives are refused. No given file is meant."""
        assert "tally (1).py and tally (2).py" in found(exercise_called(2), "tally (1).py", "tally (2).py")
        assert "several folders (a and b)" in found(exercise_called(13), "a/flags.py", "b/deck.py")
        assert "several archives (a.zip and b.tar.gz)" in found(exercise_called(2), "a.zip", "b.tar.gz")
        assert found(exercise_called(2), "a.zip", "main_guard.zip").archive == ("main_guard.zip",)
        assert found(exercise_called(9), "rates.py") == locating.Location()

    def test_nothing(self):
        """If nothing of the learner's is there, all of it is the project, and the report says what is missing."""
        assert found(exercise_called(2), "report.pdf", "talley.ipynb") == locating.Location()
        assert found(exercise_called(2)) == locating.Location()


NAMES = st.lists(
    st.sampled_from(
        ["tally.py", "tally (1).py", "log.txt", "02_main_guard", "x", "x.zip", "tally", "é", "a b", "tally.py.txt"]
    ),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.lists(NAMES, max_size=6))
def test_any_names(paths):
    """Whatever the names are, the project is somewhere among them, or it is said in a sentence why that isn't known."""
    files = ["/".join(path) for path in paths]
    where = found(exercise_called(2), *files)
    if isinstance(where, str):
        assert where.endswith(".")
        return
    assert not where.archive or "/".join(where.archive) in files
    assert not where.folder or any(file.startswith("/".join(where.folder) + "/") for file in files)
    assert all("/".join((*where.folder, *name)) in files for name in where.moves)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(paths=st.lists(NAMES, max_size=6), packing=st.sampled_from(sorted(PACKINGS)))
def test_same_in_any_packing(tmp_path_factory, paths, packing):
    """A folder and archives of it are taken in as the same project, or refused alike."""
    top = tmp_path_factory.mktemp("x")
    files = {"/".join(path): b"x" for path in paths}
    names = {Path(name) for name in files}
    files = {name: content for name, content in files.items() if not any(Path(name) in each.parents for each in names)}
    exercise = exercise_called(2)
    results = []
    for number, way in enumerate(("folder", packing)):
        results.append(None)
        with contextlib.suppress(IntakeError):
            results[-1] = taken(lay_out(files, way, top / f"{number} x"), exercise, top / f"{number}")
    if files and all("x.zip" not in name for name in files):  # which holds nothing, and is damaged
        assert results[0] == results[1]
