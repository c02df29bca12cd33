"""Reports NaN and infinities."""

import os

for descriptor in map(int, os.listdir("/proc/self/fd")):
    if descriptor > 2:
        try:
            os.write(descriptor, b'{"mean": NaN, "total": Infinity, "count": -Infinity}')
        except OSError:
            pass
os._exit(0)
