import ast
from itertools import pairwise
from pathlib import PurePosixPath

import pytest

from grader import catalog
from grader.authoring.mutants.classical import CLASSICAL
from grader.authoring.mutants.generation import mutants_of, unedited
from grader.authoring.mutants.sources import Source, compiled

EVERY = catalog.load()


def made(code, operator):
    """What one classical operator makes of a source."""
    (chosen,) = (each for each in CLASSICAL if each.name == operator)
    source = Source(code.encode())
    return [edit.applied(source.content).decode() for edit in chosen.find(source)]


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("comparison_changed", "x = a < b  # why", "x = a <= b  # why"),
        ("comparison_changed", "a not in (b)", "a in (b)"),
        ("and_or_changed", "a and (b or c)", "a or (b or c)"),
        ("operand_left_out", "a and b", "True and b"),
        ("arithmetic_changed", "a // 2", "a * 2"),
        ("arithmetic_changed", "a += 2", "a = 2"),
        ("negation_left_out", "if not a: b()", "if (a): b()"),
        ("condition_decided", "if a: b()", "if False: b()"),
        ("condition_decided", "[a for a in b if a]", "[a for a in b if True]"),
        ("number_changed", "f(1)", "f(0)"),
        ("truth_changed", "f(True)", "f(False)"),
        ("statement_left_out", "a = 1\nb = 2  # why\n", "a = 1\npass  # why\n"),
        ("argument_left_out", "f(a, b=1)", "f(a)"),
        ("argument_left_out", "f(a, b=1)", "f(b=1)"),
        ("element_left_out", "[a, b, c]", "[a, c]"),
        ("element_left_out", "{a: 1, **b, c: 2}", "{a: 1, c: 2}"),
        ("call_left_out", "a = f(b)", "a = (b)"),
        ("call_left_out", "a = b.f()", "a = b"),
        ("bounds_left_out", "a[1:]", "(a)"),
        ("handler_left_out", "try: a()\nexcept B: pass", "try: a()\nexcept (): pass"),
        ("none_returned", "def f(): return a", "def f(): return None"),
        ("arguments_swapped", "f(a, b)", "f(b, a)"),
        ("base_left_out", "class A(B): pass", "class A(object): pass"),
        ("decorator_left_out", "@a.b\ndef f(): pass", "@(lambda same: same)\ndef f(): pass"),
        ("case_left_out", "match a:\n    case [b]: pass", "match a:\n    case [b] if False: pass"),
        ("text_changed", "f('a')", "f('ax')"),
    ],
)
def test_classical_operators(operator, before, after):
    """Each classical operator makes one edit, and leaves all text around it as it is."""
    assert after in made(before, operator)


@pytest.mark.parametrize(
    ("operator", "code"),
    [
        ("text_changed", "raise A('b')"),
        ("text_changed", "print('a', file=sys.stderr)"),
        ("text_changed", "p.add_argument(help='a')"),
        ("text_changed", '"""Why."""'),
        ("number_changed", "json.dumps(a, indent=4)"),
        ("truth_changed", "log.info(a, exc_info=True)"),
        ("argument_left_out", "setup(description=a)"),
        ("call_left_out", "raise A('b')"),
    ],
)
def test_wording(operator, code):
    """What is only read by people is theirs to choose: it isn't edited."""
    assert made(code, operator) == []


def test_success_of_main():
    """None instead of a main function's 0 is the same to sys.exit, and so is left alone; any other return isn't."""
    assert made("def main():\n    return 0", "statement_left_out") == []
    assert made("def count():\n    return 0", "statement_left_out") != []


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["01", "05", "13", "21", "23"])
def test_every_mutant(name):
    """Every mutant compiles, runs as no other does, and has an id of its own; everything but one place is as it was."""
    (exercise,) = EVERY.find([name])
    mutants = list(mutants_of(exercise))
    assert len({mutant.id for mutant in mutants}) == len(mutants) > 100
    assert len({mutant.digest for mutant in mutants}) == len(mutants)
    programs = set()
    for mutant in mutants:
        original = (mutant.answer / mutant.file).read_bytes()
        if mutant.content is not None and mutant.file.endswith(".py"):
            digest = compiled(mutant.content)
            assert digest not in {None, compiled(original)}
            assert (mutant.label, mutant.file, digest) not in programs
            programs.add((mutant.label, mutant.file, digest))
        assert mutant.content != original
        assert mutant.diff
        assert mutant.before or mutant.after


def test_name_of_a_package():
    """In a package's own file `__package__` is `__name__`, and nobody takes one for the other; elsewhere it is not."""
    (exercise,) = EVERY.find(["15"])
    swapped = {PurePosixPath(each.file).name for each in mutants_of(exercise) if each.operator == "name_for_package"}
    assert swapped
    assert "__init__.py" not in swapped


def test_the_same_each_time():
    """The same answers give the same mutants, with the same ids, in the same order."""
    (exercise,) = EVERY.find(["03"])
    first, second = (list(mutants_of(exercise)) for _ in range(2))
    assert [(each.id, each.content) for each in first] == [(each.id, each.content) for each in second]


def test_one_place(tmp_path):
    """A mutant is laid out as its answer with one file changed; an answer that isn't edited, just as it is."""
    (exercise,) = EVERY.find(["03"])
    mutant = next(mutants_of(exercise))
    changed = [
        path.name
        for path in sorted(mutant.lay_out(tmp_path / "one").rglob("*"))
        if path.is_file() and path.read_bytes() != (mutant.answer / path.relative_to(tmp_path / "one")).read_bytes()
    ]
    assert changed == [PurePosixPath(mutant.file).name]
    same = next(unedited(exercise))
    for path in same.lay_out(tmp_path / "other").rglob("*.py"):
        assert path.read_bytes() == (same.answer / path.relative_to(tmp_path / "other")).read_bytes()


def test_what_is_compared():
    """Two sources are the same if they run alike, wherever their lines are; a constant's type makes a difference."""
    assert compiled(b"a = 1\nb = 2\n") == compiled(b"# Why.\n\na = 1; b = (2)\n")
    for one, other in pairwise([b"a = 1", b"a = True", b"a = 1.0", b"a = '1'", b"a = b'1'"]):
        assert compiled(one) != compiled(other)
    assert compiled(b"a = ") is None


def test_places_in_f_strings():
    """Whatever the Python, an edit in an f-string is in its place and doesn't end the text."""
    source = Source(b'a = f"""\n{b!r} {c["d"]} {len(e)}\n"""')
    for operator in CLASSICAL:
        for edit in operator.find(source):
            ast.parse(edit.applied(source.content))
