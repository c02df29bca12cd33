"""Files that are put or edited in a copy of a learner's project. The tree is hostile, but has no links in it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, whatever stands in their place, or in that of a folder above them.

    Args:
        folder: where they go.
        files: their content by their paths, with slashes; text is written in UTF-8.
    """
    for name, content in files.items():
        *parents, last = name.split("/")
        place = folder
        for parent in parents:
            place /= parent
            if not place.is_dir():
                place.unlink(missing_ok=True)
                place.mkdir()
        if (place / last).is_dir():
            shutil.rmtree(place / last)
        (place / last).write_bytes(content.encode() if isinstance(content, str) else content)


def edit(folder: Path, edits: Mapping[str, tuple[str, str]]) -> None:
    """Replace text in files; where it isn't, or isn't any more, a file stays as it is.

    Args:
        folder: where they lie.
        edits: the old text and the new one by the paths of the files.

    Raises:
        OSError: a file isn't there.
    """
    for name, (old, new) in edits.items():
        path = folder / name
        # As bytes: what else is in the file needn't be text.
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
