"""Catalogues that come with installed distributions, found by their entry points; no code of theirs is imported.

A distribution declares a pack in the group `import_kata.packs`: the name of the pack, and the package at the top of the
import path whose folder holds `exercises/` and `solutions/`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

GROUP = "import_kata.packs"


@dataclass(frozen=True, slots=True)
class Pack:
    """A catalogue that is installed."""

    name: str
    package: str
    """The value of the entry point."""
    distribution: str
    """Name and version of whose it is."""

    @property
    def folder(self) -> Path:
        """The folder that holds its exercises and solutions.

        Raises:
            UsageError: it names no package, or one that isn't there or holds no exercises.
        """
        # What is sought within a package is sought by the package: its code would run.
        if not self.package.isidentifier():
            raise UsageError(f"{self._whose} names {self.package!r}; a pack names one package, without dots.")
        places = _places(self.package)
        if not places:
            raise UsageError(f"{self._whose} names the package {self.package}, which is not there; install it again.")
        found = next((place for place in places if (place / "exercises").is_dir()), None)
        if found is None:
            raise UsageError(f"{self._whose} holds no exercises: there is no folder {places[0] / 'exercises'}.")
        return found

    @property
    def _whose(self) -> str:
        return f"The pack {self.name!r} of {self.distribution}"


def installed() -> tuple[Pack, ...]:
    """All packs, in the order of their names."""
    points = importlib.metadata.entry_points(group=GROUP)
    packs = (Pack(point.name, point.value.strip(), _distribution(point)) for point in points)
    return tuple(sorted(packs, key=lambda pack: (pack.name, pack.distribution)))


def catalogue(named: Path) -> Path:
    """The folder of a catalogue that somebody named: by its path or, where there is none, as an installed pack.

    Raises:
        UsageError: neither is there.
    """
    if named.exists() or len(named.parts) != 1:
        return named
    packs = installed()
    meant = [pack for pack in packs if pack.name == str(named)]
    if not meant:
        raise UsageError(_unknown(named, [pack.name for pack in packs]))
    if len(meant) > 1:
        whose = " and ".join(pack.distribution for pack in meant)
        raise UsageError(f"There are two packs {str(named)!r}, of {whose}; name the folder of the one that you mean.")
    return meant[0].folder


def _unknown(named: Path, known: Sequence[str]) -> str:
    import difflib  # needed after a typo only

    near = difflib.get_close_matches(str(named), known, n=1)
    others = f"Installed are {', '.join(map(repr, known))}." if known else "No pack is installed."
    hint = f"Did you mean {near[0]!r}?" if near else others
    return f"There is no folder {named.absolute()}, and no pack {str(named)!r}. {hint}"


def _distribution(point: importlib.metadata.EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown distribution"


def _places(package: str) -> list[Path]:
    """The folders of a package at the top of the import path; several where it has no `__init__.py`."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):  # what is loaded already may be without a spec
        return []
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
