"""Checks of 01 greeting."""

from grader.checks import check, expect, observation


@observation
def greeted(project):
    return project.python("hello.py", "Ada", cwd=project.path)


@observation
def another(project):
    name = project.varied("name").choice(["Grace Hopper", "Edsger D.", "Tove Jansson"])
    return name, project.python(project / "hello.py", name)


@observation
def imported(project):
    return project.probe("import hello\nsee('imported' if open(hello.__file__).read() else 'empty')", env={"PYTHONPATH": project.path})


@check(points=40, clause=1)
def test_greets(greeted):
    """It greets Ada."""
    expect(greeted, "What should stand between the two words, and what behind them?").status(0).stdout("Hello, Ada!")


@check(points=40, clause=1)
def test_any_name(another):
    """It greets whoever is named."""
    name, seen = another
    expect(seen, "Somebody else came. Where does your program look for the name?").status(0).stdout(f"Hello, {name}!")


@check(points=20, clause=2)
def test_quiet_import(imported):
    """Importing it prints nothing."""
    looked = expect(imported, "Nobody ran the program, and yet it spoke. Which of its lines ran?")
    looked.equal("the report", "imported", looked.reported())
    looked.silent()
