import os
import stat

import pytest

from grader.authoring.damage.backends import BACKENDS
from grader.authoring.damage.packaging import SETUP_ARGUMENTS, with_arguments
from grader.authoring.damage.selection import MOST, damage_to
from grader.catalog import Exercise
from grader.catalog.exercise_files import ExerciseFile

ALL = 10**6
SETUP = 'from setuptools import setup\n\nsetup(name="quay", version="1", packages=["quay"])\n'
FILES = {
    "solutions/reference/quay/__init__.py": 'def depth():\n    return 7.5\n\n\nprint("häfen")\n',
    "solutions/reference/quay/tables/lamp.txt": "A lamp.\nAnother one.\n",
    "solutions/reference/setup.py": SETUP,
    "stub/quay/__init__.py": "# Yours.\n\n# A line.\n",
    "stub/quay/tides.py": "HIGH = 4\n",
    "stub/setup.py": "# Yours.\n\n# A line.\n",
}


@pytest.fixture
def exercise(tmp_path):
    """An exercise whose reference has a package with a folder of data, a setup.py, and a file that is given."""
    for name, text in FILES.items():
        (tmp_path / "01_quay" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "01_quay" / name).write_text(text, encoding="utf-8")
    about = ExerciseFile("The quay", 1, (), ("quay/__init__.py", "setup.py"), ("quay/tides.py",))
    return Exercise(1, "quay", tmp_path / "01_quay", tmp_path / "01_quay" / "solutions", about)


def tree(folder):
    """All that lies in a folder: kinds, contents of files, targets of links."""
    found = {}
    walked = os.fwalk(os.fsencode(folder))
    for path, folders, files, here in walked:
        for name in folders + files:
            about = os.stat(name, dir_fd=here, follow_symlinks=False)
            content = b""
            if stat.S_ISREG(about.st_mode):
                with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=here), "rb") as file:
                    content = file.read()
            found[path.removeprefix(os.fsencode(folder)) + b"/" + name] = (stat.S_IFMT(about.st_mode), content)
    return found


class TestSelection:
    """Which damage is tried."""

    def test_number(self, exercise):
        """However much could be damaged, a bounded number of projects is made, each once."""
        chosen = damage_to(exercise)
        assert len(chosen) == MOST
        assert len({(each.base, each.says) for each in chosen}) == MOST
        assert len(damage_to(exercise, most=ALL)) > 2 * MOST
        assert len(damage_to(exercise, most=7)) == 7

    def test_missing_parts(self, exercise):
        """Each file and folder of the reference is missing once, and each is once replaced by the other kind."""
        says = {each.says for each in damage_to(exercise) if each.base == "solutions/reference"}
        for name in ("setup.py", "quay/__init__.py", "quay/tables/lamp.txt"):
            assert {f"{name} deleted", f"{name} emptied", f"{name} replaced by a folder"} <= says
        for name in ("quay", "quay/tables"):
            assert {f"{name}/ deleted", f"{name}/ emptied", f"{name}/ replaced by a file"} <= says

    def test_repeated(self, exercise):
        """The same damage is chosen every time, and another seed chooses other damage."""
        assert damage_to(exercise) == damage_to(exercise)
        assert set(damage_to(exercise)) != set(damage_to(exercise, seed=1))

    def test_settings(self, exercise):
        """Where something is built, its settings and what comes of a build are damaged; elsewhere hardly."""
        says = [each.says for each in damage_to(exercise)]
        for words in ("[build-system]", "[project]", "where setup gets", "a backend that makes", "setup.cfg with"):
            assert any(words in each for each in says), words
        for name in ("solutions/reference/setup.py", "stub/setup.py"):
            (exercise.folder / name).unlink()
        says = [each.says for each in damage_to(exercise, most=ALL)]
        assert not any("[build-system]" in each or "a backend" in each for each in says)
        assert "an empty pyproject.toml added" in says


class TestProjects:
    """What is made."""

    def test_each(self, exercise, tmp_path):
        """All damage can be made, changes something, and is the same the next time; the exercise isn't touched."""
        before = tree(exercise.folder)
        whole = {}
        for base in ("solutions/reference", "stub"):
            source = exercise.folder / base
            whole[base] = tree(source) | {b"/quay/tides.py": (stat.S_IFREG, b"HIGH = 4\n")}
        for index, each in enumerate(damage_to(exercise, most=ALL)):
            made = tree(each.lay_out(tmp_path / str(index)))
            assert made != whole[each.base], each
            assert made == tree(each.lay_out(tmp_path / f"{index} again")), each
        assert tree(exercise.folder) == before

    def test_given_files(self, exercise, tmp_path):
        """A damaged project has the given files, as a learner's has; damage can be done to them, too."""
        several = {each.says: each for each in damage_to(exercise, most=ALL) if each.base == "solutions/reference"}
        assert (several["setup.py deleted"].lay_out(tmp_path / "one") / "quay" / "tides.py").is_file()
        assert not (several["quay/tides.py deleted"].lay_out(tmp_path / "two") / "quay" / "tides.py").exists()

    def test_refusable(self, exercise):
        """Few projects may be refused: those with links, pipes, names that are no text, and very long paths."""
        refusable = [each for each in damage_to(exercise, most=ALL) if each.refusable]
        assert 0 < len(refusable) < 10
        assert all(any(word in each.says for word in ("link", "pipe", "UTF-8", "path")) for each in refusable)


@pytest.mark.parametrize("says", BACKENDS)
def test_backend(says):
    """A backend that builds oddly is sound Python: what it breaks is what it builds."""
    compile(BACKENDS[says], says, "exec")


@pytest.mark.parametrize("arguments", SETUP_ARGUMENTS)
def test_arguments_of_setup(arguments):
    """A setup.py whose arguments are damaged is still one that runs, and ends in its own call of `setup`."""
    changed = with_arguments(SETUP.encode(), arguments)
    compile(changed, "setup.py", "exec")
    assert changed.endswith(SETUP.encode())
