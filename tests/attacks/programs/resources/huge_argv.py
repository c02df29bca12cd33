"""Starts programs with all the arguments and variables that the system takes."""

import os
import sys

for size in (1 << 16, 1 << 17, 1 << 20, 1 << 24):
    for count in (1, 100, 100_000):
        if os.fork() == 0:
            try:
                os.execve(sys.executable, ["x" * size] * count, {"y" * size: "z"})
            finally:
                os._exit(1)
        os.wait()
