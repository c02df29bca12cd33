import hashlib
import shutil
import subprocess
import sys
import zipfile

import pytest

from grader import catalog
from grader.classroom.records.store import Store
from grader.errors import InfrastructureError, IntakeError

EXERCISE = catalog.load().find(["path_appending"])[0]


@pytest.fixture
def store(tmp_path):
    """An empty store, whose folder isn't there yet."""
    return Store(tmp_path / "my course" / "submissions")


@pytest.fixture
def project(tmp_path):
    """A project as a folder."""
    return shutil.copytree(EXERCISE.reference, tmp_path / "project")


def test_same_content(store, project, tmp_path):
    """The same files have the same digest, as a folder, packed in any order, and whenever they were written."""
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(project.rglob("*"), reverse=True):
            archive.write(path, f"mine/{path.relative_to(project)}")
    assert store.put(project, EXERCISE) == store.put(packed, EXERCISE)


def test_other_content(store, project):
    """Another byte, another name, another mode: another digest."""
    digests = {store.put(project, EXERCISE)}
    script = project / "bin" / "report.py"
    script.write_text(script.read_text() + "#")
    digests.add(store.put(project, EXERCISE))
    script.chmod(0o755)
    digests.add(store.put(project, EXERCISE))
    (project / "bin" / "other.py").write_text("")
    digests.add(store.put(project, EXERCISE))
    (project / "bin" / "other.py").rename(project / "bin" / "another.py")
    digests.add(store.put(project, EXERCISE))
    assert len(digests) == 5


def test_what_is_kept(store, project):
    """What is kept is an archive that has its digest for a name, and it can be graded as it is."""
    digest = store.put(project, EXERCISE)
    packed = store.archive(digest)
    assert hashlib.sha256(packed).hexdigest() == digest
    with zipfile.ZipFile(store.path(digest)) as archive:
        assert archive.read("bin/report.py") == (project / "bin" / "report.py").read_bytes()
    assert [path.name for path in store.path(digest).parent.iterdir()] == [f"{digest}.zip"]
    assert Store(store.path("x").parents[1] / "other").put_archive(packed) == digest


def test_changed_afterwards(store, project):
    """What somebody changed or took away after it was handed in is never graded."""
    digest = store.put(project, EXERCISE)
    store.path(digest).write_bytes(store.archive(digest) + b"x")
    with pytest.raises(InfrastructureError, match="was changed"):
        store.archive(digest)
    store.path(digest).unlink()
    with pytest.raises(InfrastructureError, match="bring it back"):
        store.archive(digest)


def test_mended_by_handing_in_again(store, project):
    """What was damaged on disk is whole again when the very same is handed in once more."""
    digest = store.put(project, EXERCISE)
    sound = store.archive(digest)
    store.path(digest).write_bytes(sound[:-1])
    assert store.put(project, EXERCISE) == digest
    assert store.archive(digest) == sound


def test_no_room(project, tmp_path):
    """Where no file may grow, a sentence says so, nothing half written stays, and with room it is kept."""
    lines = f"""
import pathlib, resource
from grader import catalog
from grader.classroom.records.store import Store
from grader.errors import InfrastructureError
exercise, = catalog.load().find(["path_appending"])
project = pathlib.Path({str(project)!r})
store = Store(pathlib.Path({str(tmp_path / "kept")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    store.put_archive(b"PK" + bytes(100_000))
except InfrastructureError as error:
    assert "can't be kept" in str(error), error
else:
    raise AssertionError
assert [path for path in pathlib.Path({str(tmp_path / "kept")!r}).rglob("*") if path.is_file()] == []
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.archive(store.put(project, exercise))
"""
    seen = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr


def test_refused(store, project):
    """What can't be taken in is not kept either."""
    (project / "link").symlink_to("/etc/hostname")
    with pytest.raises(IntakeError):
        store.put(project, EXERCISE)
    assert not store.path("00").parents[1].exists()
