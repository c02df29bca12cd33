"""Reports a key twice, with a lie and the truth."""

import os

for descriptor in map(int, os.listdir("/proc/self/fd")):
    if descriptor > 2:
        try:
            os.write(descriptor, b'{"after": [], "after": ["/lib"], "before": 1, "before": []}')
        except OSError:
            pass
os._exit(0)
