"""Ends at once, while a grandchild keeps the output open."""

import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1e6)
    os._exit(0)
os._exit(0)
