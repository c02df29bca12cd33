"""Leaves children that are stopped, and stops itself."""

import os
import signal
import time

for _ in range(5):
    child = os.fork()
    if child == 0:
        time.sleep(1e6)
    os.kill(child, signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGSTOP)
