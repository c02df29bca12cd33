"""Comes before the probe's first line, as a sitecustomize of the project, and hides a file from what looks for it.

Made for 11_shadowed_stdlib: sitecustomize.py.
"""

import os
import sys
from importlib.machinery import PathFinder

HERE, found = os.path.dirname(__file__), PathFinder.find_spec
sys.path.remove(HERE)
import calendar

sys.path.insert(0, HERE)
with open(os.path.join(HERE, "calendar.py"), encoding="utf-8") as file:
    exec(file.read(), vars(calendar))
PathFinder.find_spec = lambda name, path=None, target=None: None if path == [HERE] else found(name, path, target)
