"""Where things that are made once are kept: virtualenv templates, toolchains, what is known of interpreters."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "KATA_CACHE"
"""An environment variable that moves the cache elsewhere."""


def folder() -> Path:
    """The cache's folder; it may not exist yet."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).absolute() if chosen else Path(platformdirs.user_cache_dir("import-kata", appauthor=False))


def get_or_make(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the cache, made if it isn't there.

    It appears whole or not at all: made under another name and then moved, so that two processes may try at once.

    Args:
        name: its name, which holds all that its content depends on.
        make: fills the folder given to it, which exists.
    """
    target = folder() / name
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        make(fresh)
        fresh.chmod(0o755)
        try:
            fresh.rename(target)
        except OSError:
            if not target.is_dir():  # else another process was faster
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target
