"""Keep what was handed in: one archive for each content, named by its digest."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grader import intake
from grader.catalog import Exercise
from grader.errors import InfrastructureError, NothingToGradeError
from grader.intake import learner_files

_EPOCH = (1980, 1, 1, 0, 0, 0)


class Store:
    """A folder of archives.

    Args:
        folder: where they lie; made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the content of that digest lies, if it was put in."""
        return self._folder / digest[:2] / f"{digest}.zip"

    def put(self, source: Path, exercise: Exercise, *, below: Path | None = None) -> str:
        """Take a project in and keep it; gives its digest.

        Args:
            source: a folder or an archive, as `intake.take_in` takes it.
            exercise: what it was handed in for.
            below: see `intake.take_in`.

        Raises:
            IntakeError: it can't be taken in.
            NothingToGradeError: it holds none of the learner's files.
            InfrastructureError: it can't be kept.
        """
        with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
            project = Path(temporary) / "project"
            intake.take_in(source, project, intake.project_of(exercise), below=below)
            if (lacking := learner_files.lacking(exercise, project)) is not None:
                raise NothingToGradeError(lacking.to_both())
            packed = _make_archive(project)
        return self.put_archive(packed)

    def put_archive(self, archive: bytes) -> str:
        """Keep an archive that another store packed."""
        digest = hashlib.sha256(archive).hexdigest()
        path = self.path(digest)
        try:
            # What was damaged since is fixed by handing the same in again.
            if not path.is_file() or path.read_bytes() != archive:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, archive)
        except OSError as error:
            raise InfrastructureError(f"The submission {path} can't be kept: {error.strerror}; fix that.") from error
        return digest

    def archive(self, digest: str) -> bytes:
        """The archive of that digest, which is what it says.

        Raises:
            InfrastructureError: it is gone, or was changed.
        """
        path = self.path(digest)
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise InfrastructureError(
                f"The submission {path} can't be read: {error.strerror}; bring it back."
            ) from error
        if hashlib.sha256(packed).hexdigest() != digest:
            raise InfrastructureError(f"The submission {path} was changed after it was handed in; bring it back.")
        return packed


def _make_archive(project: Path) -> bytes:
    """The same bytes for the same files: no times, no compression that differs from version to version."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in _entries(project):
            name = path.relative_to(project).as_posix()
            entry = zipfile.ZipInfo(name + "/" * path.is_dir(), _EPOCH)
            entry.create_system = 3  # Unix, on every system
            entry.external_attr = _mode(path) << 16
            archive.writestr(entry, b"" if path.is_dir() else path.read_bytes())
    return buffer.getvalue()


def _mode(path: Path) -> int:
    if path.is_dir():
        return stat.S_IFDIR | 0o755
    return stat.S_IFREG | (0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _entries(project: Path) -> Iterator[Path]:
    yield from sorted(project.rglob("*"), key=lambda path: path.relative_to(project).as_posix())


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears whole and on disk, or not at all."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if os.name == "posix":  # its name, too, has to be on disk before the ledger speaks of it
        for folder in (path.parent, path.parent.parent):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
