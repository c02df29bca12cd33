"""Reads the judge's variables."""

import os

known = {"PATH", "HOME", "LANG", "PWD", "PYTHONHASHSEED", "PYTHONPATH", "LC_CTYPE", "PYTHONDONTWRITEBYTECODE"}
for name in os.environ:
    if name not in known:
        breach(f"the variable {name}")
