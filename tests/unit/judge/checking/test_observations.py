import threading
from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import CatalogError, LearnerError
from grader.judge.checking.declarations import HiddenChecks, observation
from grader.judge.checking.observations import Observations

SECONDS = 30
"""For what must happen at once; only a defect takes that long."""


@pytest.fixture
def observe(make_project):
    """Start observations of one module; gives them all, and the module."""
    project = make_project()

    def start(*functions):
        declared = {function.__name__: observation(function) for function in functions}
        module = HiddenChecks(Path("test_x.py"), ModuleType("test_x"), declared, ())
        return Observations([module], project), module

    return start


def refusal(observe, *functions):
    """What is said of observations that can't be made."""
    with pytest.raises(CatalogError) as caught:
        observe(*functions)
    return str(caught.value)


class TestMaking:
    """Each observation is made once, as early as can be."""

    def test_each_once(self, observe):
        """However many look at an observation, and be it nobody, it is made once."""
        made = []

        def looked_at(project):
            made.append("looked_at")
            return project

        def ignored():
            made.append("ignored")

        def dependent(looked_at):
            return looked_at

        observations, module = observe(looked_at, ignored, dependent)
        results = {observations.result(module.observations["looked_at"]) for _ in range(3)}
        assert results == {observations.result(module.observations["dependent"])}
        observations.join(SECONDS)
        assert sorted(made) == ["ignored", "looked_at"]

    def test_order_of_needs(self, observe):
        """An observation that names others waits for them, whatever order they are declared in."""
        order = []

        def third(second, first):
            order.append("third")
            return first + second

        def second(first):
            order.append("second")
            return first + 1

        def first():
            order.append("first")
            return 1

        observations, module = observe(third, second, first)
        assert observations.result(module.observations["third"]) == 3
        assert order == ["first", "second", "third"]

    def test_independent_ones_overlap(self, observe):
        """Observations that don't need each other are under way at the same time."""
        both = threading.Barrier(2)

        def one():
            return both.wait(SECONDS)

        def other():
            return both.wait(SECONDS)

        observations, module = observe(one, other)
        assert {observations.result(module.observations[name]) for name in ("one", "other")} == {0, 1}

    def test_nobody_has_to_ask(self, observe):
        """An observation starts by itself, before any check looks at it."""
        started = threading.Event()

        def eager():
            started.set()

        observe(eager)
        assert started.wait(SECONDS)

    def test_given(self, observe):
        """Observations get the project and an empty folder elsewhere, the same that checks get."""

        def seen(project, elsewhere):
            return project, elsewhere

        observations, module = observe(seen)
        project, elsewhere = observations.result(module.observations["seen"])
        assert project is observations.given("project")
        assert elsewhere == observations.given("elsewhere")
        assert elsewhere not in (project.path, *project.path.parents)
        assert project.path not in elsewhere.parents

    def test_join(self, observe):
        """Joining waits until all are made."""
        go = threading.Event()
        made = []

        def slow():
            go.wait(SECONDS)
            made.append(True)

        observations, _ = observe(slow)
        assert not made
        go.set()
        observations.join(SECONDS)
        assert made

    def test_join_in_vain(self, observe):
        """An observation that hangs doesn't hold up whoever joins longer than told."""
        go = threading.Event()

        def hanging():
            go.wait(SECONDS)

        observations, _ = observe(hanging)
        observations.join(0)
        assert not go.is_set()
        go.set()
        observations.join(SECONDS)

    def test_names_of_two_modules(self, make_project):
        """Two modules may name their observations alike."""

        def named(value):
            def at_home():
                return value

            return observation(at_home)

        modules = [
            HiddenChecks(Path(f"test_{value}.py"), ModuleType("x"), {"at_home": named(value)}, ()) for value in "ab"
        ]
        observations = Observations(modules, make_project())
        assert [observations.result(module.observations["at_home"]) for module in modules] == ["a", "b"]


class TestExceptions:
    """What an observation raises comes out where it is looked at."""

    @pytest.mark.parametrize("kind", [ValueError, LearnerError, SystemExit, KeyboardInterrupt])
    def test_raised_again(self, observe, kind):
        """An exception of any kind is raised again for everybody who looks, and not before."""

        def broken():
            raise kind("mine")

        observations, module = observe(broken)
        for _ in range(2):
            with pytest.raises(kind, match="mine"):
                observations.result(module.observations["broken"])

    def test_raised_for_dependents(self, observe):
        """Who needs a broken observation is broken by the same exception, and is not made."""
        made = []

        def broken():
            raise ValueError("mine")

        def dependent(broken):
            made.append(broken)

        observations, module = observe(broken, dependent)
        with pytest.raises(ValueError, match="mine"):
            observations.result(module.observations["dependent"])
        assert made == []

    def test_others_go_on(self, observe):
        """One broken observation doesn't keep others from being made."""

        def broken():
            raise ValueError

        def fine():
            return 1

        observations, module = observe(broken, fine)
        assert observations.result(module.observations["fine"]) == 1


class TestRefused:
    """Observations that could never be made are a fault of the catalogue, and none is started."""

    def test_unknown_name(self, observe):
        """A parameter that names nothing is told with file, observation and name."""
        started = []

        def fine():
            started.append(True)

        def lost(project, at_hom):
            return project, at_hom

        message = refusal(observe, fine, lost)
        assert message == "test_x.py: the observation lost needs 'at_hom', which is not there."
        assert not started

    def test_needs_itself(self, observe):
        """An observation can't need itself."""

        def circular(circular):
            return circular

        assert refusal(observe, circular) == "test_x.py: the observation circular needs itself."

    @pytest.mark.parametrize("tail", [False, True])
    def test_cycle(self, observe, tail):
        """Observations can't need each other in a circle, be it one that another observation leads into."""

        def outside(first):
            return first

        def first(second):
            return second

        def second(third):
            return third

        def third(first):
            return first

        message = refusal(observe, *([outside] if tail else []), first, second, third)
        assert message.endswith("needs itself.")

    def test_diamond_is_no_cycle(self, observe):
        """Two that need the same, and one that needs both, are no circle."""

        def top():
            return 1

        def left(top):
            return top

        def right(top):
            return top

        def bottom(left, right, top):
            return left + right + top

        observations, module = observe(bottom, left, right, top)
        assert observations.result(module.observations["bottom"]) == 3
