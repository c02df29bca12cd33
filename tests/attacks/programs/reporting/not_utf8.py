"""Reports bytes that are no UTF-8, and half a surrogate."""

import os

for descriptor in map(int, os.listdir("/proc/self/fd")):
    if descriptor > 2:
        try:
            os.write(descriptor, b'["\xff\xfe", "\\ud800"]')
        except OSError:
            pass
os._exit(0)
