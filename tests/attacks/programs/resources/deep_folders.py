"""Makes folders in folders until paths have no name any more."""

import os

os.chdir("/tmp")
try:
    while True:
        os.mkdir("d")
        os.chdir("d")
except OSError:
    pass
