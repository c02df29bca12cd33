"""Find the processes that an execution has left running."""

from contextlib import suppress
from pathlib import Path


def processes_with(tag):
    """Running processes, zombies apart, on whose command line the tag stands."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and tag.encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
    return found
