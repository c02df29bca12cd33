"""Ends with status 0 whatever comes, by atexit."""

import atexit
import os

atexit.register(lambda: os._exit(0))
raise SystemExit(1)
