"""Given files stand in a copy as they were given, and nothing beside them is found in their place."""

import os
from importlib import machinery

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import catalog, intake

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
COMPILED = "pyd" if os.name == "nt" else "so"

LOADERS = (
    (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
    (machinery.SourceFileLoader, machinery.SOURCE_SUFFIXES),
    (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES),
)
"""As Python's own path hook has them."""

BESIDE = [
    *(f"soundings{suffix}" for suffix in (*machinery.EXTENSION_SUFFIXES, *machinery.BYTECODE_SUFFIXES)),
    *(f"soundings/__init__{suffix}" for suffix in machinery.all_suffixes()),
    *(f"soundings/{name}" for name in ("other.py", "__main__.py", "__init__.txt", "__init__", "x/__init__.py")),
    *(f"soundings.{COMPILED}/{name}" for name in ("x.py", "__init__.py")),
    *(f"soundings/__init__.{suffix}/x.py" for suffix in ("py", COMPILED)),
    *(f"{name}.{COMPILED}" for name in ("soundings.a.b", "soundings2", "xsoundings", "__init__", "Soundings")),
    f"soundings.{COMPILED}.txt", "soundings.txt", "soundings", "__init__.py", "__main__.py",
]  # fmt: skip


def found(folder, name="soundings"):
    """The file that Python finds for a module in a folder."""
    spec = machinery.FileFinder(str(folder), *LOADERS).find_spec(name)
    return None if spec is None else spec.origin


def files_of(folder):
    """The names of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def add(folder, *names):
    """Add files to a folder, as far as one doesn't stand where the other's folder would be."""
    for name in names:
        path = folder / name
        if not path.is_dir() and not any(parent.is_file() for parent in path.parents):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()


@pytest.fixture
def stub(folder):
    """Where given files come from."""
    (folder / "stub" / "lib").mkdir(parents=True)
    (folder / "stub" / "lib" / "soundings.py").write_text("GIVEN = 1\n")
    return folder / "stub"


@pytest.fixture
def copy(folder):
    """A project that was taken in."""
    (folder / "copy").mkdir()
    return folder / "copy"


class TestLayOver:
    """The given files stand in the copy as they were given."""

    def given(self, copy):
        """The given file, as it is in the copy."""
        return (copy / "lib" / "soundings.py").read_text()

    def test_missing(self, stub, copy):
        """A given file that the learner removed is there again, with its folder."""
        intake.lay_over(("lib/soundings.py",), stub, copy)
        assert self.given(copy) == "GIVEN = 1\n"

    def test_changed(self, stub, copy):
        """A given file that the learner changed is as it was given, and files beside it are left alone."""
        (copy / "lib").mkdir()
        (copy / "lib" / "soundings.py").write_text("MINE = 1\n" * 100)
        (copy / "lib" / "mine.py").write_text("MINE = 1\n")
        intake.lay_over(("lib/soundings.py",), stub, copy)
        assert self.given(copy) == "GIVEN = 1\n"
        assert (copy / "lib" / "mine.py").read_text() == "MINE = 1\n"

    def test_folder_in_the_way(self, stub, copy):
        """A folder where the given file belongs gives way, with all that is in it."""
        (copy / "lib" / "soundings.py" / "inner").mkdir(parents=True)
        (copy / "lib" / "soundings.py" / "__init__.py").write_text("MINE = 1\n")
        intake.lay_over(("lib/soundings.py",), stub, copy)
        assert self.given(copy) == "GIVEN = 1\n"

    def test_file_in_the_way(self, stub, copy):
        """A file where the given file's folder belongs gives way."""
        (copy / "lib").write_text("MINE = 1\n")
        intake.lay_over(("lib/soundings.py",), stub, copy)
        assert self.given(copy) == "GIVEN = 1\n"

    def test_nothing_given(self, stub, copy):
        """Without given files nothing changes."""
        intake.lay_over((), stub, copy)
        assert files_of(copy) == set()

    @posix
    def test_read_only_in_the_way(self, folder, stub):
        """Modes that the learner set don't keep the given files out."""
        source, target = folder / "source", folder / "target"
        add(source, "lib/soundings.py")
        (source / "lib" / "soundings.py").chmod(0o400)
        (source / "lib").chmod(0o500)
        intake.take_in(source, target)
        (source / "lib").chmod(0o755)
        intake.lay_over(("lib/soundings.py",), stub, target)
        assert self.given(target) == "GIVEN = 1\n"


class TestHidden:
    """What Python would find in place of a given module gives way; all else stays."""

    @pytest.mark.parametrize("name", BESIDE)
    def test_python_decides(self, stub, copy, name):
        """A file goes if, and only if, Python's own finder takes it for the given module; then a sentence names it."""
        add(copy / "lib", "soundings.py", name)
        hides = found(copy / "lib") != str(copy / "lib" / "soundings.py")
        said = intake.lay_over(("lib/soundings.py",), stub, copy)
        assert (copy / "lib" / name).is_file() is not hides
        assert len(said) == hides
        assert all(f"lib/{name} would hide the given lib/soundings.py" in each for each in said)
        assert found(copy / "lib") == str(copy / "lib" / "soundings.py")

    @settings(max_examples=60)
    @given(names=st.lists(st.sampled_from(BESIDE), unique=True))
    def test_all_together(self, tmp_path_factory, names):
        """Whatever comes together, Python finds the given module, and it takes one sentence to say what is gone."""
        copy, stub = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("stub")
        add(stub / "lib", "soundings.py")
        add(copy / "lib", "soundings.py", *names)
        before = files_of(copy)
        said = intake.lay_over(("lib/soundings.py",), stub, copy)
        assert found(copy / "lib") == str(copy / "lib" / "soundings.py")
        assert len(said) == (files_of(copy) != before)
        assert intake.lay_over(("lib/soundings.py",), stub, copy) == ()

    @pytest.mark.parametrize("tag", ["cpython-39-darwin", "cpython-315t-x86_64-linux-gnu", "cp312-win_amd64"])
    def test_of_any_version(self, stub, copy, tag):
        """A module that another Python would find goes under all: a project earns the same wherever it is graded."""
        add(copy / "lib", f"soundings.{tag}.{COMPILED}", f"soundings/__init__.{tag}.{COMPILED}")
        (said,) = intake.lay_over(("lib/soundings.py",), stub, copy)
        assert files_of(copy) == {"lib/soundings.py"}
        assert "finds packages and compiled modules before a source file" in said

    def test_package(self, stub, copy):
        """A given package is found as it was given, whatever its own `__init__` has beside it."""
        names = [f"__init__{suffix}" for suffix in (*machinery.EXTENSION_SUFFIXES, ".pyc")]
        add(stub, "lib/__init__.py")
        add(copy, *(f"lib/{name}" for name in names), "lib.py", f"lib.{COMPILED}", "lib/__init__/__init__.py")
        (said,) = intake.lay_over(("lib/__init__.py",), stub, copy)
        assert found(copy, "lib") == str(copy / "lib" / "__init__.py")
        assert {"lib.py", "lib/__init__.pyc", "lib/__init__/__init__.py"} < files_of(copy)
        assert "would hide the given lib/__init__.py, since Python finds compiled modules" in said

    def test_many(self, stub, copy):
        """However many files hide one module, the sentence stays short."""
        add(copy / "lib", *(f"soundings.tag{number}.{COMPILED}" for number in range(500)))
        (said,) = intake.lay_over(("lib/soundings.py",), stub, copy)
        assert "and 498 more would hide" in said
        assert len(said) < 300
        assert files_of(copy) == {"lib/soundings.py"}

    def test_meant_by_the_exercise(self, stub, copy):
        """What an exercise itself has beside a given module stays, as the learner made it."""
        add(stub / "lib", "soundings/__init__.py")
        add(copy / "lib", "soundings/__init__.py")
        (copy / "lib" / "soundings" / "__init__.py").write_text("MINE = 1\n")
        assert intake.lay_over(("lib/soundings.py",), stub, copy) == ()
        assert (copy / "lib" / "soundings" / "__init__.py").read_text() == "MINE = 1\n"

    def test_of_what_is_no_module(self, stub, copy):
        """Beside a given file that isn't Python's to import, everything stays."""
        add(stub, "log.txt", "fast/_sum.c")
        names = {"log/__init__.py", f"log.{COMPILED}", "fast/_sum/__init__.py", f"fast/_sum.{COMPILED}"}
        add(copy, *names)
        assert intake.lay_over(("log.txt", "fast/_sum.c"), stub, copy) == ()
        assert names < files_of(copy)


@pytest.mark.parametrize("exercise", [each for each in catalog.load().exercises if each.about.given], ids=str)
class TestCatalogue:
    """The same for the exercises that there are."""

    def test_answers_lose_nothing(self, folder, exercise):
        """No answer that we know of, right or wrong, has anything that hides a given module."""
        mistakes = (exercise.folder / "mistakes" / mistake.name for mistake in exercise.mistakes)
        answers = [exercise.stub, exercise.reference, *exercise.alternatives, *mistakes]
        for number, answer in enumerate(answers):
            copy = folder / str(number)
            intake.take_in(answer, copy)
            before = files_of(copy)
            assert intake.lay_over(exercise.about.given, exercise.stub, copy) == ()
            assert files_of(copy) == before | set(exercise.about.given)

    def test_given_modules_are_found(self, folder, exercise):
        """Each given module is found as it was given, though a package of its name and a compiled one are beside it."""
        copy = folder / "copy"
        intake.take_in(exercise.stub, copy)
        modules = [copy / name for name in exercise.about.given if name.endswith(".py")]
        for path in modules:
            names = [f"{path.stem}{suffix}" for suffix in machinery.EXTENSION_SUFFIXES]
            add(path.parent, *names, *([] if path.stem == "__init__" else [f"{path.stem}/__init__.py"]))
        said = intake.lay_over(exercise.about.given, exercise.stub, copy)
        assert len(said) == len(modules)
        for path in modules:
            package = path.stem == "__init__"
            folder, name = (path.parents[1], path.parent.name) if package else (path.parent, path.stem)
            assert found(folder, name) == str(path)


class TestEdited:
    """Given files that were changed are known before they are put back, and told in one sentence."""

    @pytest.mark.parametrize(
        ("content", "is_edited"),
        [
            (b"GIVEN = 1\n", False),
            (b"GIVEN = 1\r\n", False),
            (b"GIVEN = 1\r", False),
            (b"GIVEN = 1", False),
            (b"GIVEN = 1\n\n", False),
            (b"GIVEN = 2\n", True),
            (b"GIVEN  = 1\n", True),
            (b"", True),
            (b"GIVEN = 1\n" * 9, True),
        ],
    )
    def test_content(self, stub, copy, content, is_edited):
        """Another content is an edit, other line ends are none."""
        (copy / "lib").mkdir()
        (copy / "lib" / "soundings.py").write_bytes(content)
        assert intake.edited(("lib/soundings.py",), stub, copy) == ("lib/soundings.py",) * is_edited

    def test_not_there(self, stub, copy):
        """A file that is missing, or a folder of its name, is no edited file."""
        assert intake.edited(("lib/soundings.py",), stub, copy) == ()
        (copy / "lib" / "soundings.py").mkdir(parents=True)
        assert intake.edited(("lib/soundings.py",), stub, copy) == ()

    @pytest.mark.parametrize(
        ("names", "says"),
        [
            ((), ""),
            (("a.py",), "Your changes to a.py don't count: grading uses the original."),
            (("a.py", "b.py"), "Your changes to a.py and b.py don't count: grading uses the originals."),
            (("a", "b", "c"), "Your changes to a, b and c don't count: grading uses the originals."),
            (("a", "b", "c", "d"), "Your changes to a, b and 2 more files don't count: grading uses the originals."),
        ],
    )
    def test_sentence(self, names, says):
        """Several files are told in one sentence, however many there are."""
        assert intake.said_of_edited(names) == says
