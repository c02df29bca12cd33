"""Reports two values, and a null character."""

import os

for descriptor in map(int, os.listdir("/proc/self/fd")):
    if descriptor > 2:
        try:
            os.write(descriptor, b"true false \0 {}")
        except OSError:
            pass
os._exit(0)
