"""Takes memory in many processes, each of them modest."""

import os
import time

for _ in range(40):
    if os.fork() == 0:
        hoard = b"x" * (1 << 28)
        time.sleep(1e6)
time.sleep(1e6)
