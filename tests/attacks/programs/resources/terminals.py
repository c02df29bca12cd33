"""Takes all pseudo-terminals that the whole machine has."""

import os
import time

refused("a pseudo-terminal", os.openpty)
for _ in range(40):
    if os.fork() == 0:
        opened = []
        try:
            while True:
                opened.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
        except OSError:
            if opened:
                breach(f"{len(opened)} pseudo-terminals")
                time.sleep(1e6)
        os._exit(0)
