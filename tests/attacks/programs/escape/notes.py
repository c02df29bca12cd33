"""Leaves a note for the next execution, in every place there is."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
for folder in (
    "/tmp",
    "/dev/shm",
    "/var/tmp",
    os.environ.get("HOME", "/"),
    os.getcwd(),
    here,
    sys.prefix,
    "/run",
    "/dev/mqueue",
):
    path = os.path.join(folder, "note-to-myself")
    if os.path.exists(path):
        breach(f"a note of the last execution in {folder}")
    try:
        open(path, "w").close()
    except OSError:
        pass
