"""Checks of 01 lamp_room."""

from grader.checks import check, expect, observation

# These lines run on the learner's side, and see() reports a value. The judge itself imports nothing of the learner's.
FLASH = """
import sys, lamp
see(lamp.flashes(int(sys.argv[1])))
"""


@observation
def flashed(project):
    number = project.side.varied("flashes").randrange(4, 10)
    return number, project.probe(FLASH, str(number), env={"PYTHONPATH": project.path})


@observation
def flashed_elsewhere(project):
    moved = project.copy("an attic", note="a file of other lamps lies beside it", change=other_lamps)
    return moved.python("-c", "import lamp; print(lamp.flashes(2))", cwd=moved.path)


def other_lamps(copy):
    (copy / "other_lamps.txt").write_text("oil\n")


@observation
def flashed_twice(project):
    return project.workshop(
        """
        first = run("python", "-c", "import lamp; print(lamp.flashes(1))")
        open("oil.txt", "w").write("full")
        second = run("python", "-c", "import lamp; print(lamp.flashes(2))")
        see([first["stdout"], second["stdout"], second["status"]])
        """
    )


@check(points=60, clause=1)
def test_flashes(flashed):
    """It flashes as often as is asked for, and the import is silent."""
    number, seen = flashed
    looked = expect(seen, "What does the import of lamp leave behind, and what does the caller of flashes get?")
    looked.equal("the flashes", "." * number, looked.reported())
    looked.silent()


@check(points=20, clause=1)
def test_elsewhere(flashed_elsewhere):
    """It flashes in another folder."""
    expect(flashed_elsewhere, "Which folder does it take for its own?").status(0).stdout("..")


@check(points=20, clause=1, needs="test_elsewhere")
def test_twice(flashed_twice):
    """It flashes again."""
    looked = expect(flashed_twice, "What stays between the first run and the second?")
    looked.equal("output and status", [".\n", "..\n", 0], looked.reported(list))
