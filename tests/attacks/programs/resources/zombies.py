"""Leaves as many dead children as it can, and waits for none."""

import os
import time

try:
    while True:
        if os.fork() == 0:
            os._exit(0)
except OSError:
    time.sleep(1e6)
