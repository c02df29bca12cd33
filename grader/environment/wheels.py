"""Read and install a wheel that somebody else's code built: bytes counted, names checked, nothing in it believed."""

from __future__ import annotations

import io
import re
import stat
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from grader.environment import builds
from grader.environment.virtualenvs import Virtualenv
from grader.errors import PackagingError, ran_out

if TYPE_CHECKING:
    import zipfile
    from email.message import Message

# zipfile, email and installer are imported where they are used: most exercises never meet a wheel.

MAX_BYTES = 16 << 20
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 64 << 20
MAX_DEPTH = 40
_COMPRESSIONS = (0, 8)
"""Stored and deflated: what pip's wheels use; others are not in every Python."""
_MAX_METADATA_BYTES = 1 << 20
_FILE_NAME = re.compile(
    r"[A-Za-z0-9._+!]+-[A-Za-z0-9._+!]+(-\d[A-Za-z0-9._]*)?-[a-z0-9_.]+-[a-z0-9_.]+-[a-z0-9_.]+\.whl"
)

_LIBRARY = re.compile(r"[^/]+\.data/(purelib|platlib)/")
"""What lies there is installed beside the files at the top; see "binary distribution format" of the packaging specs."""


@dataclass(frozen=True)
class Wheel:
    """A wheel that was read with care."""

    path: Path
    """Our own copy of it."""
    names: tuple[str, ...]
    """Its files, as POSIX paths, sorted."""
    metadata: Message = field(repr=False)
    """The METADATA file (core metadata, PEP 566)."""

    @property
    def shipped(self) -> tuple[str, ...]:
        """Its files but those that describe the wheel itself."""
        placed = (_LIBRARY.sub("", name, count=1) for name in self.names)
        return tuple(sorted(name for name in placed if not name.split("/")[0].endswith(".dist-info")))


def save(contents: Mapping[str, bytes], target: Path) -> tuple[Path, ...]:
    """Write the wheels that a build reported to a new folder of ours.

    Args:
        contents: by file name.
        target: the folder.

    Raises:
        PackagingError: a name or a size is not what a build should leave.
    """
    target.mkdir()
    return tuple(
        builds.save(name, contents[name], target, what="a wheel", named=_FILE_NAME, most=MAX_BYTES)
        for name in sorted(contents)
    )


def read(path: Path) -> Wheel:
    """Read a wheel of our own folder.

    Raises:
        PackagingError: it is no zip, too large when unpacked, holds names that lead elsewhere, or no METADATA.
    """
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            entries = archive.infolist()
            _check_entries(entries, path.name)
            _unpack_all(archive, entries, path.name)
            names = tuple(sorted(entry.filename for entry in entries if not entry.is_dir()))
            return Wheel(path, names, _metadata(archive, names, path.name))
    except PackagingError:
        raise
    except Exception as error:  # a damaged zip makes the library raise nearly anything
        if ran_out(error):
            raise
        raise PackagingError(f"The wheel {path.name} can't be read: {error}.") from error


def _check_entries(entries: list[zipfile.ZipInfo], wheel: str) -> None:
    for fault in _faults(entries):
        raise PackagingError(f"The wheel {wheel} {fault}.")


def _faults(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(entries) > MAX_ENTRIES:
        yield f"holds {len(entries):,} entries; at most {MAX_ENTRIES:,} are allowed"
    folded = [entry.filename.casefold() for entry in entries]
    if len(set(folded)) < len(folded):
        yield "holds one name twice"
    for entry in entries:
        name = entry.filename
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or not name.isprintable() or set("\\:") & set(name):
            yield f"holds {name!r}, a name that leads out of it"
        if len(parts) > MAX_DEPTH:
            yield f"holds {name[:80]!r}…, nested more than {MAX_DEPTH} folders deep"
        if not parts or name.removesuffix("/") != "/".join(parts) or (len(parts) == 1 and name.endswith(".data")):
            yield f"holds {name!r}, which is no proper name of a file in a wheel"
        if entry.compress_type not in _COMPRESSIONS:
            yield f"holds {name!r}, packed by another method than deflate"
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield f"holds {name!r}, which is no plain file"


def _unpack_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> None:
    """Unpack to nowhere, to count: what the directory of a zip says of sizes need not be so."""
    left = MAX_UNPACKED_BYTES
    for entry in entries:
        with archive.open(entry) as reader:
            while chunk := reader.read(1 << 16):
                left -= len(chunk)
                if left < 0:
                    raise PackagingError(f"The wheel {name} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes.")


def _metadata(archive: zipfile.ZipFile, names: tuple[str, ...], wheel: str) -> Message:
    import email.parser

    found = [name for name in names if _is_metadata(name)]
    if len(found) != 1:
        raise PackagingError(f"The wheel {wheel} holds {len(found)} METADATA files instead of one.")
    with archive.open(found[0]) as reader:
        content = reader.read(_MAX_METADATA_BYTES)
    return email.parser.Parser().parsestr(content.decode("utf-8", "replace"))


def _is_metadata(name: str) -> bool:
    return name.endswith(".dist-info/METADATA") and name.count("/") == 1


def install(wheel: Wheel, virtualenv: Virtualenv) -> None:
    """Install a wheel into a virtualenv, as pip would, without running any of its code.

    Raises:
        PackagingError: it can't be installed, with the reason.
    """
    from installer import install as install_wheel
    from installer.destinations import SchemeDictionaryDestination
    from installer.sources import WheelFile

    _check_entry_points(wheel)
    library, top = str(virtualenv.site_packages), str(virtualenv.path)
    scheme = {
        "purelib": library,
        "platlib": library,
        "headers": str(virtualenv.path / "include"),
        "scripts": str(virtualenv.scripts),
        "data": top,
    }
    kind: Literal["win-amd64", "posix"] = "win-amd64" if sys.platform == "win32" else "posix"
    destination = SchemeDictionaryDestination(scheme, interpreter=str(virtualenv.python), script_kind=kind)
    try:
        # The library warns of what it leaves out, such as compiled files, as pip does.
        with warnings.catch_warnings(action="ignore"), WheelFile.open(wheel.path) as source:
            install_wheel(source=source, destination=destination, additional_metadata={"INSTALLER": b"kata\n"})
    except Exception as error:  # whatever the library makes of a hostile wheel, it is the wheel's fault
        if ran_out(error):
            raise
        # Some of its errors carry the wheel as an object before the reason.
        reason = next((text for text in reversed(error.args) if isinstance(text, str)), type(error).__name__)
        raise PackagingError(f"The wheel {wheel.path.name} can't be installed: {reason.rstrip('.')}.") from error


_ENTRY_POINT = re.compile(r"[\w.]+\s*:\s*[\w.]+\s*(\[.*\])?")


def _check_entry_points(wheel: Wheel) -> None:
    """The rule that pip holds commands to; see the entry points specification of the packaging guide."""
    (home,) = (name.split("/")[0] for name in wheel.names if _is_metadata(name))
    path = f"{home}/entry_points.txt"
    if path not in wheel.names:
        return
    import configparser
    import zipfile

    with zipfile.ZipFile(wheel.path) as archive:
        text = archive.read(path).decode("utf-8", "replace")
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign] # names of commands keep their case
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise PackagingError(f"The wheel's entry_points.txt can't be read: {error}.") from error
    for section in ("console_scripts", "gui_scripts"):
        for name, value in parser.items(section) if parser.has_section(section) else ():
            if not _ENTRY_POINT.fullmatch(value.strip()):
                raise PackagingError(
                    f"The command {name} is to run {value!r}, which doesn't name a function of a module."
                )
            if "/" in name or "\\" in name or name.startswith("."):
                raise PackagingError(f"The command name {name!r} leads out of the folder of commands.")
