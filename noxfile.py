"""Sessions: `nox -s grade` grades your work, `nox -s tests` tests the grader; `nox -l` lists all."""

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests"]

HERE = Path(__file__).parent
NOBODY = 65534
CONSTRAINTS = "constraints.txt"
# What an installation depends on. The project itself is installed in place, so its sources are always the present ones.
INSTALLED_FROM = ("pyproject.toml", CONSTRAINTS)


def asked_pythons() -> list[str] | None:
    """The versions after `-p`, so that it works with sessions that otherwise use the Python which runs nox."""
    own = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-p", "--python", "--pythons", nargs="*", default=os.environ.get("NOXPYTHON", "").split(","))
    return [version for version in parser.parse_known_args(own)[0].python if version] or None


PYTHONS = asked_pythons()


def install(session: nox.Session, *groups: str, extra: str = "") -> None:
    """Install the project in place with some dependency groups, unless that was done from the very same files."""
    wanted = hashlib.sha256(" ".join([sys.version, str(session.python), str(HERE), extra, *groups]).encode())
    for name in INSTALLED_FROM:
        wanted.update((HERE / name).read_bytes())
    stamp = Path(session.virtualenv.location) / "installed-from.txt"
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest():
        return
    needed = [requirement for group in groups for requirement in nox.project.load_toml()["dependency-groups"][group]]
    project = f".[{extra}]" if extra else "."
    session.install("--quiet", "--constraint", CONSTRAINTS, "--editable", project, *needed)
    stamp.write_text(wanted.hexdigest())


def kata(session: nox.Session, *arguments: str) -> None:
    """Run the command; its exit status is the session's. What it advises to run is worded as it is run here."""
    session.run("python", "-m", "grader", *arguments, env={"KATA_COMMAND": "nox -s kata --"}, silent=False)


@nox.session(python=PYTHONS)
def grade(session: nox.Session) -> None:
    """Grade your workspace: the first run makes it from the stubs. `nox -s grade -- --help` shows the options."""
    install(session)
    session.chdir(session.invoked_from)
    kata(session, "grade", *session.posargs)


@nox.session(name="kata", python=PYTHONS)
def any_command(session: nox.Session) -> None:
    """Run any kata command, such as `nox -s kata -- hint 01`; nothing needs to be installed for it."""
    install(session)
    session.chdir(session.invoked_from)
    kata(session, *session.posargs)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Test the grader itself, several files at a time; arguments after -- go to pytest."""
    install(session, "tests", extra="classroom")
    # One more than there are cores: many tests wait for a limit to be reached. In the order of their folders, which
    # leaves the short ones for the end, when one worker after the other runs out of files.
    workers = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    session.run("python", "-m", "pytest", *workers, *session.posargs)


@nox.session(python=PYTHONS)
def verify(session: nox.Session) -> None:
    """Prove the exercises: stubs fail, solutions pass, each mistake loses just what it must, on every Python here."""
    install(session)
    kata(session, "verify", "--messages", str(HERE / "tests/golden/messages"), *session.posargs)


@nox.session(python=PYTHONS)
def mutants(session: nox.Session) -> None:
    """Edit right answers in one place at a time, and see which faults no check notices; `-- --sample 20` is quicker."""
    install(session)
    kata(session, "verify", "--mutants", *session.posargs)


@nox.session(python=PYTHONS)
def cheats(session: nox.Session) -> None:
    """Grade programs that do nothing of what is asked; none may get a point. `-- --sample 10` is quicker."""
    install(session)
    kata(session, "verify", "--cheats", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, layers and spelling."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")
    session.run("codespell", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs", "exercises", "grader", "tests")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    install(session, "types", "tests", extra="classroom")
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what grading costs, as ratios to what else could be done; after `-- class`, what a class costs."""
    install(session, "bench", extra="classroom")
    which, *rest = session.posargs or [""]
    script, options = ("classroom.py", rest) if which == "class" else ("bench.py", session.posargs)
    session.run("python", f"benchmarks/{script}", *options)


@nox.session
def attack(session: nox.Session) -> None:
    """Try hostile submissions on the sandbox: as whoever you are and, if that is root, as an ordinary user, too."""
    install(session, "tests")
    session.run("python", "-m", "tests.attacks", *session.posargs)
    if os.name == "posix" and os.geteuid() == 0:
        with tempfile.TemporaryDirectory(prefix="kata-nobody-") as folder:
            as_nobody(session, Path(folder), "-m", "tests.attacks", *session.posargs)


def as_nobody(session: nox.Session, folder: Path, *arguments: str) -> None:
    """Run a Python that everybody can read, from a copy of the project, as an ordinary user."""
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")
    if python is None:
        session.warn("There is no Python that an ordinary user could run: that half is left out.")
        return
    folder.chmod(0o755)
    for part in ("grader", "tests", "exercises", "solutions"):
        shutil.copytree(HERE / part, folder / "project" / part)
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(HERE / part, folder / "project")
    session.run(python, "-m", "venv", "--without-pip", str(folder / "venv"), external=True)
    own = str(folder / "venv/bin/python")
    install = ["install", "--quiet", "--constraint", CONSTRAINTS, "--editable", str(folder / "project")]
    session.run("python", "-m", "pip", "--python", own, *install)
    (folder / "home").mkdir()
    shutil.chown(folder / "home", NOBODY, NOBODY)
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    home = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    session.chdir(folder / "project")
    session.run(*drop, own, *arguments, env=home, external=True)


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel; install the wheel in an empty virtualenv and grade the solutions from there."""
    session.install("--quiet", "--constraint", CONSTRAINTS, "build")
    dist = Path(session.create_tmp()) / "dist"
    for old in dist.glob("*"):
        old.unlink()
    session.run("python", "-m", "build", "--outdir", str(dist), str(HERE))
    (wheel,) = dist.glob("*.whl")
    away = Path(session.create_tmp()).absolute() / "away"
    away.mkdir(exist_ok=True)
    session.run("python", "-m", "venv", "--clear", str(away / "venv"))
    python = away / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    session.run(
        str(python), "-m", "pip", "install", "--quiet", "-c", str(HERE / CONSTRAINTS), str(wheel), external=True
    )
    session.chdir(away)
    session.run(str(python), "-m", "grader", "grade", "--solutions", "--fail-under", "100", external=True)
