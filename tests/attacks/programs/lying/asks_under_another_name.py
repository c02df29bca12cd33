"""Asks for what it should not ask for under another name than that of a program, and says that it asked for the right.

Made for 05_setup_py: setup.py.
"""

import sys

sys.audit("setup.py asks", "setuptools")
__name__ = "setup"
