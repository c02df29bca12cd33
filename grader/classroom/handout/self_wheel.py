"""Pack this installation as a wheel without the catalogue, and list the versions of what it needs.

Format: the binary distribution format of the packaging guide (PEP 427). No build tool is asked: what runs here is what
is packed, be it installed from a wheel or in place.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.errors import UsageError

_NAME = "import-kata"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WHEEL = "Wheel-Version: 1.0\nGenerator: import-kata\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LEFT_OUT = ("__pycache__", "catalogue")


def build() -> tuple[str, bytes]:
    """The wheel's file name and content.

    Raises:
        UsageError: this isn't an installation, but a mere folder.
    """
    about = _installed()
    stem = f"import_kata-{about.version}"
    files = dict(_modules())
    files[f"{stem}.dist-info/METADATA"] = (about.read_text("METADATA") or "").encode()
    files[f"{stem}.dist-info/WHEEL"] = _WHEEL.encode()
    files[f"{stem}.dist-info/entry_points.txt"] = (about.read_text("entry_points.txt") or "").encode()
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_hash(content)},{len(content)}\n" for name, content in files.items()]
    files[record] = "".join([*lines, f"{record},,\n"]).encode()
    return f"{stem}-py3-none-any.whl", make_zip({name: (content, False) for name, content in files.items()})


def make_zip(files: dict[str, tuple[bytes, bool]]) -> bytes:
    """A zip of files, each with its content and whether it is executable; the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, executable) in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, on every system
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def make_constraints() -> str:
    """The versions that are installed here of all that we need, as a file of constraints for pip."""
    found: dict[str, str] = {}
    waiting = [Requirement(text) for text in _installed().requires or ()]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = about.version
        waiting += [Requirement(text) for text in about.requires or ()]
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def _installed() -> metadata.Distribution:
    try:
        return metadata.distribution(_NAME)
    except metadata.PackageNotFoundError as error:
        raise UsageError("import-kata isn't installed here, only unpacked; `pip install` it first.") from error


def _modules() -> Iterator[tuple[str, bytes]]:
    package = Path(__file__).resolve().parents[2]
    for path in sorted(package.rglob("*")):
        inner = path.relative_to(package)
        if path.is_file() and not set(_LEFT_OUT) & {*inner.parts[:1], *inner.parts[:-1]}:
            yield f"{package.name}/{inner.as_posix()}", path.read_bytes()


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
