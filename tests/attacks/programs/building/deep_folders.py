"""Leaves folders that are nested too deep to be named."""

import os

try:
    while True:
        os.mkdir("d")
        os.chdir("d")
except OSError:
    pass
raise SystemExit(0)
