import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from grader import catalog
from grader.authoring.mutants import project_files
from grader.authoring.mutants.look_alikes import LOOK_ALIKES
from grader.authoring.mutants.sources import Source, compiled
from grader.authoring.mutants.templates import Template

DATA = Path(__file__).parents[3] / "data" / "look_alikes.toml"
EXAMPLES = tomllib.loads(DATA.read_text(encoding="utf-8"))["example"]
BY_NAME = {operator.name: operator for operator in LOOK_ALIKES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_example(example):
    """Each look-alike makes of its example what people write in its place, and what it makes is another program."""
    source = Source(example["before"].strip().encode())
    made = [edit.applied(source.content) for edit in BY_NAME[example["name"]].find(source)]
    assert example["after"].strip() in [text.decode() for text in made]
    assert compiled(example["after"].strip().encode()) not in {None, compiled(source.content)}


def test_enough():
    """There are sixty look-alikes or more, each with a name of its own, a misconception and an example."""
    assert len(BY_NAME) == len(LOOK_ALIKES) >= 60
    assert all(operator.says.endswith(".") for operator in LOOK_ALIKES)
    assert {example["name"] for example in EXAMPLES} == set(BY_NAME)


def test_each_is_possible_in_several_exercises():
    """Each look-alike can happen in two exercises at least; one that can't says nothing of what people confuse."""
    places = defaultdict(set)
    for exercise in catalog.load().exercises:
        for path in (each for answer in (exercise.reference, *exercise.alternatives) for each in answer.rglob("*")):
            if path.suffix == ".py":
                source = Source(path.read_bytes())
                for operator in LOOK_ALIKES:
                    if exercise.name not in places[operator.name] and any(True for _ in operator.find(source)):
                        places[operator.name].add(exercise.name)
            elif path.is_file():
                for operator in project_files.operators_for(path.name):
                    if any(True for _ in operator.find(path.read_text(encoding="utf-8"))):
                        places[operator.name].add(exercise.name)
    assert [name for name in BY_NAME if len(places[name]) < 2] == []


@pytest.mark.parametrize(
    ("before", "after", "code", "made"),
    [
        ("X.is_file()", "X.exists()", "(a / b).is_file()", "(a / b).exists()"),
        ("X is None", "not X", "f(y is None and z)", "f((not y) and z)"),
        ("X is None", "not X", "(a or b) is None", "not (a or b)"),
        ("open(X, *REST, **KW)", "opened(X, *REST, **KW)", "open(p)", "opened(p)"),
        ("open(X, *REST, **KW)", "opened(X, *REST, **KW)", 'open(p, "r", newline="")', 'opened(p, "r", newline="")'),
        ("X + X", "2 * X", "a + a; a + b", "2 * a; a + b"),
        ("sorted(X)", "list(X)", "sorted(x for x in y)", "list((x for x in y))"),
        ("len(X)", "sys.getsizeof(X)", "import sys\nlen(a)", "import sys\nsys.getsizeof(a)"),
        ("len(X)", "sys.getsizeof(X)", "len(a)", '__import__("sys").getsizeof(a)'),
        ("len(X)", "size(X)", 'é = "ö"; len(é)', 'é = "ö"; size(é)'),
        ("X.strip()", "X", "f'{a.strip()}, {b}'", "f'{a}, {b}'"),
    ],
)
def test_templates(before, after, code, made):
    """What a template changes keeps its meaning otherwise: parentheses, other arguments, imports, the text around."""
    source = Source(code.encode())
    (edit,) = Template(before, after).find(source)
    assert edit.applied(source.content).decode() == made


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("sorted(X)", "sorted(x, key=y)"),
        ("X[STR]", "x[y]"),
        ("X[INT]", "x[True]"),
        ("X.strip()", '"""x.strip()"""'),
        ("NAME()", "x.y()"),
        ("f(X)", "f(*x)"),
        ("X[0]", "x[0] = 1"),
        ("X == STR", '__name__ == "__main__"'),
        ("set(X)", "x: set(y) = 1"),
    ],
)
def test_what_a_template_leaves_alone(before, code):
    """A template fits nothing but what it says: no other arguments, targets, annotations, docstrings, main guards."""
    assert list(Template(before, "other").find(Source(code.encode()))) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pyproject.toml", '[project.scripts]\na = "b:c"\n', '[project.gui-scripts]\na = "b:c"\n'),
        ("pyproject.toml", '[a]\nwhere = ["src", "lib"]\n', '[a]\nwhere = ["lib"]\n'),
        ("pyproject.toml", '[a]\nb = "c"\nd = true\n', '[a]\nb = "c"\nd = false\n'),
        ("pyproject.toml", '[a]\nb = "c"\n', '[a]\nb = "cx"\n'),
        ("setup.cfg", "[options]\npackages = find:\n", "[options]\npackages = find_namespace:\n"),
        ("setup.cfg", "[options]\npackages =\n    a\n    b\n", "[options]\n"),
        ("MANIFEST.in", "graft tests\n", "prune tests\n"),
        ("MANIFEST.in", "graft tests\n", "include tests\n"),
        ("MANIFEST.in", "include A B\n", "include A \n"),
        ("MANIFEST.in", "graft .\nprune x\n", "prune x\ngraft .\n"),
        ("_sum.c", "if (item == NULL) {\n", "if (0) {\n"),
        ("_sum.c", "total += value;\n", "total -= value;\n"),
        ("holidays.txt", "1 a\n2 b\n", "2 b\n"),
    ],
)
def test_project_files(name, before, after):
    """What else an answer consists of is edited, too, and what comes of it means something else."""
    made = [text for operator in project_files.operators_for(name) for text in operator.find(before)]
    assert after in made
    assert project_files.meaning(name, after) != project_files.meaning(name, before)


def test_descriptions():
    """A project's description is only read by people, and isn't edited; the first line that differs decides."""
    before = 'name = "a"\ndescription = "b"\n'
    assert project_files.is_wording(before, 'name = "a"\n')
    assert project_files.is_wording(before, before.replace("b", "bx"))
    assert not project_files.is_wording(before, 'description = "b"\n')
