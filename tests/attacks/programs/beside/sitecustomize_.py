"""Ends each interpreter with status 0 as soon as it starts."""

import os

os._exit(0)
