"""The autograder for Gradescope, unpacked and run as Gradescope does: as root, in `/autograder`, without a network."""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import catalog, sandbox

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = [
    pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap, which stands for their container: {WHY_NOT}"),
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="Gradescope runs it as root"),
]
(EXERCISE,) = catalog.load().find(["01"])
CONTAINERS = {"namespaces": (), "as in Docker": ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--")}
"""Of Docker's restrictions this one keeps bubblewrap from working."""
INSTALLED = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
"""Where the packages are that we depend on."""
HOSTILE = """\
import json, os, pathlib, signal, sys, time
loot = []
private = ["source", "results", "submission_metadata.json"]
for path in ["/opt/import-kata/venv", *("/autograder/" + name for name in private)]:
    try:
        loot.append(str(os.listdir(path) if os.path.isdir(path) else open(path).read()))
    except OSError:
        pass
try:
    os.setuid(0)
    loot.append("root again")
except OSError:
    pass
forged = json.dumps({"score": 100, "tests": []})
def forge():
    for path in ("/autograder/results/results.json", "/autograder/source/autograder.json"):
        try:
            pathlib.Path(path).write_text(forged)
            loot.append("wrote " + path)
        except OSError:
            pass
forge()
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        others = os.stat("/proc/" + pid).st_uid != os.getuid()
    except OSError:
        continue
    if others:
        try:
            os.kill(int(pid), signal.SIGTERM)
            loot.append("killed " + pid)
        except OSError:
            pass
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 99)
        while True:
            forge()
            time.sleep(0.01)
    os._exit(0)
with open("/tmp/loot", "a") as stream:
    stream.write(f"{os.getuid() == 0} {os.getgroups()} {loot}\\n")
print(forged)
"""


@dataclass
class Container:
    """A tree like that of Gradescope's container."""

    folder: Path

    def __post_init__(self):
        """Make the folders that are there."""
        for name in ("autograder/submission", "autograder/results", "home", "tmp"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "tmp").chmod(0o1777)
        (self.folder / "autograder/submission_metadata.json").write_text('{"users": [{"email": "ada@example.org"}]}')

    def install(self, packed):
        """Unpack the zip, and do the part of `setup.sh` that needs no network: what we depend on is taken from here."""
        source = self.folder / "autograder/source"
        with zipfile.ZipFile(packed) as archive:
            for entry in archive.infolist():
                Path(archive.extract(entry, source)).chmod(entry.external_attr >> 16 & 0o777)
        shutil.copy(source / "run_autograder", self.folder / "autograder/run_autograder")
        venv = self.folder / "home/venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        (packages,) = venv.glob("lib/python*/site-packages")
        (wheel,) = source.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
        (packages / "dependencies.pth").write_text("\n".join(INSTALLED))

    def run(self, *arguments, forbidden=(), path="/autograder/run_autograder"):
        """Run it; what of this machine isn't named is not there."""
        system = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")
        shown = [*system, sys.base_prefix, *INSTALLED]
        parents = sorted({str(parent) for each in (*shown, "/opt/x") for parent in Path(each).parents} - {"/", "/tmp"})
        folders = [word for parent in parents for word in ("--perms", "0755", "--dir", parent)]
        binds = [word for each in shown if Path(each).exists() for word in ("--ro-bind", each, each)]
        ours = {"autograder": "/autograder", "home": "/opt/import-kata", "tmp": "/tmp"}
        own = [word for name, place in ours.items() for word in ("--bind", str(self.folder / name), place)]
        inside = ["--proc", "/proc", "--dev", "/dev", "--chdir", "/autograder", "--unshare-net", "--unshare-pid"]
        rights = ["--cap-add", "ALL", "--die-with-parent", "--clearenv", "--setenv", "PATH", os.defpath]
        # /tmp first, since what is shown may lie in it.
        command = ["bwrap", *own[6:], *folders, *binds, *own[:6], *inside, *rights, "--", *forbidden, path, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    def results(self, submission, **options):
        """What Gradescope gets for a submission."""
        target = self.folder / "autograder/submission"
        shutil.rmtree(target)
        shutil.copytree(submission, target, symlinks=True)
        (self.folder / "autograder/results/results.json").unlink(missing_ok=True)
        seen = self.run(**options)
        assert seen.returncode == 0, seen.stdout + seen.stderr
        self.said = seen.stdout
        return json.loads((self.folder / "autograder/results/results.json").read_text())


@pytest.fixture(scope="module")
def packed(tmp_path_factory, make_kata):
    """The zip, as the command writes it."""
    kata = make_kata(tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("temporary"))
    assert kata("class", "init", "Term").returncode == 0
    seen = kata("class", "autograder", "path_appending", "autograder.zip")
    assert seen.returncode == 0, seen.stderr
    assert kata("class", "autograder", "path_appending", "autograder.zip").returncode == 2
    assert kata("class", "autograder", "01", "other.zip", "--wheels", kata.cwd).returncode == 2
    assert not (kata.cwd / "other.zip").exists()
    return kata.cwd / "autograder.zip"


@pytest.fixture(scope="module")
def container(packed, tmp_path_factory):
    """A container in which it is set up."""
    made = Container(tmp_path_factory.mktemp("container").resolve())
    made.install(packed)
    return made


@pytest.fixture
def honest(lay_out):
    """The reference, in a folder of its own, as students pack it."""
    return lay_out("01_path_appending", reference=True).parent


def test_content(packed):
    """The zip has its two scripts at the root, this exercise alone, and neither solutions nor wrong answers."""
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        modes = {name: archive.getinfo(name).external_attr >> 16 & 0o777 for name in ("setup.sh", "run_autograder")}
        setup = archive.read("setup.sh")
        (wheel,) = [name for name in names if name.endswith(".whl")]
        with zipfile.ZipFile(archive.open(wheel)) as inner:
            inside = inner.namelist()
            tested = inner.testzip()
    assert set(modes.values()) == {0o755}
    assert subprocess.run(["bash", "-n"], input=setup, check=False).returncode == 0
    assert f"version={sys.version_info[0]}.{sys.version_info[1]}\n".encode() in setup
    exercises = {name.split("/")[2] for name in names if name.startswith("catalogue/")}
    assert exercises == {EXERCISE.name}
    parts = {name.split("/")[3] for name in names if name.startswith("catalogue/")}
    assert parts == {"exercise.toml", "README.md", "stub", "hidden_tests", "mistakes"}
    assert {name.split("/")[-1] for name in names if "/mistakes/" in name} == {"mistakes.toml", "signatures.json"}
    assert tested is None
    assert {name.split("/")[0] for name in inside} == {"grader", wheel.removesuffix("-py3-none-any.whl") + ".dist-info"}
    assert not [name for name in (*names, *inside) if "solutions/" in name or "__pycache__" in name]


@pytest.mark.parametrize("kind", CONTAINERS)
def test_honest(container, honest, kind):
    """The reference gets full marks, field by field as Gradescope wants it, whatever the container allows."""
    results = container.results(honest, forbidden=CONTAINERS[kind])
    assert ("sandbox: bubblewrap" in container.said) == (kind == "namespaces")
    assert results["score"] == 100
    assert {key: results[key] for key in ("visibility", "stdout_visibility", "output_format")} == {
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "output_format": "text",
    }
    assert sum(test["max_score"] for test in results["tests"]) == 100
    for number, test in enumerate(results["tests"], 1):
        assert set(test) >= {"score", "max_score", "status", "name", "number", "output", "visibility"}
        assert (test["status"], test["score"], test["number"]) == ("passed", test["max_score"], f"1.{number}")


@pytest.mark.parametrize("kind", CONTAINERS)
def test_hostile(container, lay_out, kind):
    """Who wants to read the checks, forge results now or later, or end the judge, gets nothing but their points."""
    (container.folder / "tmp/loot").unlink(missing_ok=True)
    project = lay_out("01_path_appending", files={"bin/report.py": HOSTILE})
    results = container.results(project, forbidden=CONTAINERS[kind])
    assert results["score"] < 100
    assert results["tests"]
    if kind != "namespaces":
        lines = (container.folder / "tmp/loot").read_text().splitlines()
        assert lines
        assert set(lines) == {"False [] []"}
    written = container.folder / "autograder/results/results.json"
    before = written.read_bytes()
    time.sleep(0.1)
    assert written.read_bytes() == before
    assert json.loads(before) == results
    assert (container.folder / "autograder/source").stat().st_mode & 0o77 == 0


def test_refused(container, lay_out):
    """What can't be taken in earns nothing until it is handed in again, and says why."""
    project = lay_out("01_path_appending", reference=True)
    (project / "lib/link.py").symlink_to("/etc/passwd")
    results = container.results(project)
    assert results["score"] == 0
    link = "lib/link.py is a symbolic link; a project is made of plain files and folders."
    assert results["output"] == f"What you handed in can't be graded: {link}"
    assert results["visibility"] == "visible"


def test_try(container):
    """What `setup.sh` ends with grades the stub and leaves no results; a broken check shows there already."""
    (container.folder / "autograder/results/results.json").unlink(missing_ok=True)
    assert container.run("--try", path="/autograder/source/run_autograder").returncode == 0
    (checks,) = (container.folder / "autograder/source/catalogue/exercises").rglob("test_*.py")
    sound = checks.read_text()
    checks.write_text(f"raise KeyError\n{sound}")
    try:
        assert container.run("--try", path="/autograder/source/run_autograder").returncode in (2, 3)
    finally:
        checks.write_text(sound)
    assert not list((container.folder / "autograder/results").iterdir())
