"""Fills every disk that it can write to."""

import itertools
import os

written = 0
for folder in (
    "/tmp",
    os.environ.get("HOME", "/"),
    os.getcwd(),
    "/dev/shm",
    os.path.dirname(__file__),
    "/",
    "/var/tmp",
):
    try:
        for number in itertools.count():
            with open(f"{folder}/fill-{number}", "wb", buffering=0) as file:
                written += file.write(bytes(1 << 22))
    except OSError:
        pass
if written > 300 << 20:
    breach(f"{written >> 20} MiB on disks")
