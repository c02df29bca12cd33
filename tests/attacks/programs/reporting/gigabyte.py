"""Reports a gigabyte."""

import os

for descriptor in map(int, os.listdir("/proc/self/fd")):
    if descriptor > 2:
        try:
            any(os.write(descriptor, b"[" * (1 << 20)) for _ in range(1 << 10) if False) or [
                os.write(descriptor, b" " * (1 << 16)) for _ in range(1 << 14)
            ]
        except OSError:
            pass
os._exit(0)
