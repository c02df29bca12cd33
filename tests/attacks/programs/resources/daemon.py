"""Leaves a daemon by double fork and setsid that writes on after the end."""

import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        os.chdir("/")
        while True:
            os.write(1, b".")
            time.sleep(0.01)
    os._exit(0)
os._exit(0)
