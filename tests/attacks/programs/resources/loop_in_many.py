"""Calculates for ever in as many processes as it gets."""

import os

try:
    while True:
        if os.fork() == 0:
            while True:
                pass
except OSError:
    while True:
        pass
