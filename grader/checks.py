"""What authors of hidden checks import, all in one place.

    from grader.checks import check, expect, observation

    @observation
    def at_home(project):
        return project.python("bin/report.py", "north quay", cwd=project.path)

    @check(points=10, clause=1)
    def test_own_folder(at_home):
        \"\"\"It runs from its own folder.\"\"\"
        expect(at_home, "Even here it fails: who looks for soundings, and where?").status(0).stdout("north quay: 7.5 m")

Checks and observations take these by name: `project` (the learner's, see `Project`), `elsewhere` (an empty folder that
has nothing to do with it) and the module's own observations.
"""

from grader.judge.building import Build, Installed, SourceBuild, build_together
from grader.judge.checking.declarations import check, observation
from grader.judge.distributions import Distribution
from grader.judge.environments import Environment
from grader.judge.execution import Seen
from grader.judge.expectations import expect, expect_installed, require_pytest, skip
from grader.judge.outputs import Ran
from grader.judge.probes.bodies import filled
from grader.judge.projects import Project

__all__ = [
    "Build",
    "Distribution",
    "Environment",
    "Installed",
    "Project",
    "Ran",
    "Seen",
    "SourceBuild",
    "build_together",
    "check",
    "expect",
    "expect_installed",
    "filled",
    "observation",
    "require_pytest",
    "skip",
]
