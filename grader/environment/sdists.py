"""Read a source distribution that somebody else's code built: taken in as a submission is, nothing in it believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import intake
from grader.environment import builds
from grader.errors import IntakeError, PackagingError

MAX_BYTES = 16 << 20
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*\.tar\.gz")


@dataclass(frozen=True)
class Sdist:
    """A source distribution that was unpacked with care."""

    path: Path
    """Its one folder, unpacked."""
    names: tuple[str, ...]
    """The files in that folder, as POSIX paths from there, sorted."""


def unpack(contents: Mapping[str, bytes], target: Path) -> tuple[Sdist, ...]:
    """Unpack the source distributions that a build reported into a new folder of ours.

    Args:
        contents: by file name.
        target: the folder.

    Raises:
        PackagingError: a name or a size is not what a build should leave, or what it left can't be unpacked.
        InfrastructureError: something of this machine ran out.
    """
    target.mkdir()
    return tuple(_unpack(name, contents[name], target) for name in sorted(contents))


def _unpack(name: str, content: bytes, target: Path) -> Sdist:
    packed = builds.save(name, content, target, what="a source distribution", named=_FILE_NAME, most=MAX_BYTES)
    unpacked = target / name.removesuffix(".tar.gz")
    try:
        intake.unpack(packed, unpacked)
    except IntakeError as error:
        raise PackagingError(f"The source distribution {name} can't be unpacked: {error}") from error
    tops = list(unpacked.iterdir())
    if len(tops) != 1 or not tops[0].is_dir():
        raise PackagingError(f"The source distribution {name} holds more, or less, than the one folder of its name.")
    files = (path.relative_to(tops[0]).as_posix() for path in tops[0].rglob("*") if path.is_file())
    return Sdist(tops[0], tuple(sorted(files)))
