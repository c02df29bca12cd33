"""Small distributions that checks make: as an installer leaves one in site-packages, or as a wheel."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_TAG = "py3-none-any"


@dataclass(frozen=True)
class Distribution:
    """A distribution of pure Python, which nothing has to build.

    Args:
        name: as its metadata has it.
        files: the text of its files by their paths from site-packages. A path may lead out of there, as that of a
            script does (`../../../bin/horn`); a wheel can't hold such a file.
        version: of the distribution.
        requires: the lines of Requires-Dist.
        extras: the lines of Provides-Extra.
        entry_points: the text of `entry_points.txt`; if it is empty there is no such file.
    """

    name: str
    files: Mapping[str, str] = field(default_factory=dict)
    version: str = "1.0"
    requires: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    entry_points: str = ""

    @property
    def stem(self) -> str:
        """How the names of its `.dist-info` folder and of its wheel begin."""
        return f"{re.sub(r'[-_.]+', '_', self.name).lower()}-{self.version}"

    def installed(self, site_packages: str = "") -> dict[str, str]:
        """What an installer leaves: the text of all files, by their paths.

        There is a RECORD, which lists all of them, and no `top_level.txt`, which only some build backends write.

        Args:
            site_packages: the path of that folder, with slashes, if paths are to begin further up.
        """
        content = {**self.files, **self._described(), f"{self.stem}.dist-info/INSTALLER": "kata\n"}
        content |= self._recorded(content)
        return {posixpath.normpath(posixpath.join(site_packages, name)): text for name, text in content.items()}

    def wheel(self, folder: Path) -> Path:
        """Write it as a wheel into a folder that is there; the same one has the same bytes each time."""
        import zipfile  # slow, and most checks don't need it

        kind = f"Wheel-Version: 1.0\nGenerator: kata\nRoot-Is-Purelib: true\nTag: {_TAG}\n"
        content = {**self.files, **self._described(), f"{self.stem}.dist-info/WHEEL": kind}
        content |= self._recorded(content)
        path = folder / f"{self.stem}-{_TAG}.whl"
        with zipfile.ZipFile(path, "w") as opened:
            for name, text in content.items():
                opened.writestr(zipfile.ZipInfo(name), text.encode())
        return path

    def _described(self) -> dict[str, str]:
        lines = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        lines += [f"Provides-Extra: {extra}" for extra in self.extras]
        lines += [f"Requires-Dist: {requirement}" for requirement in self.requires]
        described = {f"{self.stem}.dist-info/METADATA": "".join(f"{line}\n" for line in lines)}
        if self.entry_points:
            described[f"{self.stem}.dist-info/entry_points.txt"] = self.entry_points
        return described

    def _recorded(self, content: Mapping[str, str]) -> dict[str, str]:
        record, opened = f"{self.stem}.dist-info/RECORD", io.StringIO()
        rows = csv.writer(opened, lineterminator="\n")
        for name, text in content.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.writerow((name, f"sha256={digest}", len(text.encode())))
        rows.writerow((record, "", ""))
        return {record: opened.getvalue()}
