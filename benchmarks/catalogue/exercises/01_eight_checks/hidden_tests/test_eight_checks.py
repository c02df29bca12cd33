"""Eight checks that share nothing: each looks at an execution of its own."""

from grader.checks import check, expect, observation


@observation
def run_1(project):
    return project.python("tally.py", "1+1", cwd=project.path)


@observation
def run_2(project):
    return project.python("tally.py", "2+2", cwd=project.path)


@observation
def run_3(project):
    return project.python("tally.py", "3+3", cwd=project.path)


@observation
def run_4(project):
    return project.python("tally.py", "4+4", cwd=project.path)


@observation
def run_5(project):
    return project.python("tally.py", "5+5", cwd=project.path)


@observation
def run_6(project):
    return project.python("tally.py", "6+6", cwd=project.path)


@observation
def run_7(project):
    return project.python("tally.py", "7+7", cwd=project.path)


@observation
def run_8(project):
    return project.python("tally.py", "8+8", cwd=project.path)


@check(points=13, clause=1)
def test_1(run_1):
    """It adds 1 and 1."""
    expect(run_1, "Does it add?").status(0).stdout("2 ships")


@check(points=13, clause=1)
def test_2(run_2):
    """It adds 2 and 2."""
    expect(run_2, "Does it add?").status(0).stdout("4 ships")


@check(points=13, clause=1)
def test_3(run_3):
    """It adds 3 and 3."""
    expect(run_3, "Does it add?").status(0).stdout("6 ships")


@check(points=13, clause=1)
def test_4(run_4):
    """It adds 4 and 4."""
    expect(run_4, "Does it add?").status(0).stdout("8 ships")


@check(points=12, clause=1)
def test_5(run_5):
    """It adds 5 and 5."""
    expect(run_5, "Does it add?").status(0).stdout("10 ships")


@check(points=12, clause=1)
def test_6(run_6):
    """It adds 6 and 6."""
    expect(run_6, "Does it add?").status(0).stdout("12 ships")


@check(points=12, clause=1)
def test_7(run_7):
    """It adds 7 and 7."""
    expect(run_7, "Does it add?").status(0).stdout("14 ships")


@check(points=12, clause=1)
def test_8(run_8):
    """It adds 8 and 8."""
    expect(run_8, "Does it add?").status(0).stdout("16 ships")
