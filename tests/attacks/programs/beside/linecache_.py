"""Ends the interpreter with status 0 as soon as Python reads the lines of a program through it."""

import os

os._exit(0)
