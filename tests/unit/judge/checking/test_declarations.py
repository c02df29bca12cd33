import textwrap

import pytest

from grader.errors import CatalogError
from grader.judge.checking import declarations
from grader.judge.checking.declarations import Check, check, observation


@pytest.fixture
def write_checks(tmp_path):
    """Write a module of hidden checks; gives its path."""

    def write(text, name="test_shelf.py", *, exercise="01_path_appending"):
        path = tmp_path / exercise / "hidden_tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


TWO_CHECKS = '''
    from grader.checks import check, expect, observation

    @observation
    def at_home(project):
        return project.python("report.py")

    @check(points=60, clause=1)
    def test_second(at_home):
        """It runs."""

    @check(points=40, clause=(1, 2), needs="test_second")
    def test_first(project):
        """It runs anywhere.

        More words for the author.
        """

    def test_without_declaration():
        """Not a check."""
'''


class TestCheck:
    """What a declaration holds."""

    def test_function_is_left_as_it_is(self):
        """Declaring a check gives the function itself, so that pytest collects it."""

        def test_x():
            """It works."""

        assert check(points=1, clause=1)(test_x) is test_x

    def test_declaration(self):
        """Name, title, points, clauses and parents are known without running the check."""

        @check(points=5, clause=(2, 3), needs=("test_a", "test_b"))
        def test_x():
            """It works.

            As the author knows.
            """

        assert declarations.declared(test_x) == Check("test_x", "It works.", 5, (2, 3), ("test_a", "test_b"))

    def test_single_clause_and_parent(self):
        """One clause and one parent need no tuple."""

        @check(points=5, clause=2, needs="test_a")
        def test_x():
            """It works."""

        found = declarations.declared(test_x)
        assert (found.clauses, found.needs) == ((2,), ("test_a",))

    def test_without_docstring(self):
        """A check without a docstring has an empty title, which `verify` complains of."""

        @check(points=5, clause=2)
        def test_x():
            pass

        assert declarations.declared(test_x).title == ""

    @pytest.mark.parametrize("other", [None, 3, len, object()])
    def test_other_things_are_no_checks(self, other):
        """What was not declared is no check, whatever it is."""
        assert declarations.declared(other) is None

    def test_forged_declaration(self):
        """An attribute of the declaration's name that is something else is no declaration."""

        class Everything:
            def __getattr__(self, name):
                return name

        assert declarations.declared(Everything()) is None


class TestObservation:
    """What an observation is."""

    def test_needs(self):
        """An observation needs what its parameters name, in their order."""

        @observation
        def moved(project, at_home, elsewhere):
            return project, at_home, elsewhere

        assert moved.name == "moved"
        assert moved.needs == ("project", "at_home", "elsewhere")

    def test_part(self, write_checks):
        """A part of an observation needs that one alone, is an item of it, and is called what the module calls it."""
        lines = "from grader.checks import observation\n@observation\ndef built(project): return 'ab'\n"
        checks = "from grader.checks import check\n@check(points=1, clause=1)\ndef test_x(built):\n    'X.'\n"
        loaded = declarations.load(write_checks(f"{lines}core, fog = built.part(0), built.part(1)\n{checks}"))
        fog = loaded.observations["fog"]
        assert (fog.name, fog.needs, fog.function("ab")) == ("fog", ("built",), "b")


class TestLoading:
    """Modules of hidden checks."""

    def test_module(self, write_checks):
        """The checks of a module come in the order in which they stand there, with its observations by name."""
        loaded = declarations.load(write_checks(TWO_CHECKS))
        assert [each.id for each in loaded.checks] == ["test_second", "test_first"]
        assert [each.title for each in loaded.checks] == ["It runs.", "It runs anywhere."]
        assert list(loaded.observations) == ["at_home"]

    def test_loaded_once(self, write_checks):
        """A module is imported once, however often it is asked for: its checks are the same for all attempts."""
        path = write_checks(TWO_CHECKS)
        assert declarations.load(path) is declarations.load(path)

    def test_modules_of_one_name(self, write_checks):
        """Two exercises may name their modules alike."""
        first = declarations.load(write_checks("X = 1", exercise="01_path_appending"))
        second = declarations.load(write_checks("X = 2", exercise="02_main_guard"))
        assert (first.module.X, second.module.X) == (1, 2)
        assert first.module.__name__ != second.module.__name__

    def test_all_modules_in_order(self, write_checks):
        """All test_*.py of the folder are loaded, by name, and other files are not."""
        for name in ("test_b.py", "test_a.py", "notes.py"):
            path = write_checks("X = 1", name)
        assert [each.path.name for each in declarations.load_all(path.parent)] == ["test_a.py", "test_b.py"]

    @pytest.mark.parametrize("make", [True, False])
    def test_no_modules(self, tmp_path, make):
        """An exercise without checks is broken, and so is one without their folder."""
        folder = tmp_path / "hidden_tests"
        if make:
            folder.mkdir()
        with pytest.raises(CatalogError, match=r"holds no test_\*\.py"):
            declarations.load_all(folder)

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("def", "SyntaxError"),
            ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ],
    )
    def test_module_that_breaks(self, write_checks, text, error):
        """A module that can't be imported is a fault of the catalogue, told with file and reason."""
        path = write_checks(text)
        with pytest.raises(CatalogError) as caught:
            declarations.load(path)
        assert str(path) in str(caught.value)
        assert error in str(caught.value)

    def test_annotations_as_text(self, write_checks):
        """Dataclasses for reports work in a module whose annotations are text, as they do in any other module."""
        path = write_checks(
            """
            from __future__ import annotations
            from dataclasses import dataclass
            import msgspec

            @dataclass
            class Imported:
                before: list[str]

            SEEN = msgspec.convert({"before": ["a"]}, Imported)
            """
        )
        assert declarations.load(path).module.SEEN.before == ["a"]
