#!/opt/import-kata/venv/bin/python -I
"""Gradescope runs this for each submission, as root: grade it, and write what Gradescope shows.

Where the container allows it, learner code runs in a sandbox of its own; elsewhere as a user who may read neither the
checks nor the results. As root it never runs.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT, HOME = Path("/autograder"), Path("/opt/import-kata")
SOURCE, RESULTS = ROOT / "source", ROOT / "results"
FIRST_UID = "30000"
UNGRADED = 3


def main() -> int:
    """Grade what was handed in, or with `--try` the stub; gives the exit status."""
    os.umask(0o022)
    os.environ["KATA_CACHE"] = str(HOME / "cache")
    for path in (SOURCE, RESULTS, HOME / "venv", ROOT / "submission_metadata.json"):
        if path.exists():
            path.chmod(0o700)
    about = json.loads((SOURCE / "autograder.json").read_text(encoding="utf-8"))
    trial = sys.argv[1:] == ["--try"]
    stub = SOURCE / "catalogue/exercises" / about["exercise"] / "stub"
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        new = scratch / "results.json"
        status = grade(about["exercise"], stub if trial else ROOT / "submission", new, scratch)
        if new.exists() and not trial:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / "results.json").unlink(missing_ok=True)
            (RESULTS / "results.json").write_bytes(new.read_bytes())
    return status


def grade(name: str, submission: Path, new: Path, scratch: Path) -> int:
    """Grade a folder and write results; gives the exit status, which is 0 if there is a score."""
    from grader import catalog, intake, sandbox, scoring
    from grader.classroom.receiving import projects
    from grader.environment import interpreters
    from grader.errors import IntakeError, KataError
    from grader.model import Verdict
    from grader.reports.systems import gradescope
    from grader.workers import pool

    why_not = sandbox.why_not_bubblewrap()
    tier = "process" if why_not else "bubblewrap"
    sys.stdout.write(f"sandbox: {tier}{f', as another user, since {why_not}' if why_not else ''}\n")
    if why_not:
        os.environ["KATA_LEARNER_UID"] = FIRST_UID
    loaded, python = catalog.load(SOURCE / "catalogue"), interpreters.current()
    (exercise,) = loaded.find([name])
    taken = scratch / "taken"
    try:
        (project,) = projects.find_projects(submission, [exercise], scratch)
        intake.take_in(project.path, taken, intake.project_of(exercise), below=project.below)
    except IntakeError as error:
        return write_refusal(str(error).replace(f"{scratch}/", "").replace(f"{submission}/", ""), new)
    # What goes wrong from here on isn't the student's fault: then there is no score.
    try:
        attempts = pool.grade_all([pool.Request(taken, exercise, python)], tier=tier, hidden=loaded.hidden)
    except KataError as error:
        sys.stderr.write(f"kata: {error}\n")
        return UNGRADED
    run = scoring.run(attempts, python=python.version, sandbox=tier)
    new.write_text(gradescope.render([run]), encoding="utf-8")
    return UNGRADED if run.verdict is Verdict.UNGRADED else 0


def write_refusal(why: str, new: Path) -> int:
    """Say that what was handed in can't be graded as it is: that earns nothing until it is handed in again."""
    output = f"What you handed in can't be graded: {why.strip()}"
    shown = {"output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}
    new.write_text(json.dumps({"score": 0, "output": output, **shown}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
