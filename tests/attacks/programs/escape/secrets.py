"""Reads hidden checks, solutions and other submissions from the disk."""

import glob
import os

places = [
    SECRET,
    OUTSIDE + "/canary.txt",
    "/etc/shadow",
    "/etc/passwd",
    JUDGES_HOME + "/.bashrc",
    REPOSITORY + "/pyproject.toml",
]
places += glob.glob(CATALOGUE + "/**/*.py", recursive=True) + glob.glob(REPOSITORY + "/grader/**/*.py", recursive=True)
places += [f"/proc/{name}/root{SECRET}" for name in os.listdir("/proc") if name.isdecimal()]
for place in places:
    refused(f"{place} read", lambda: open(place, "rb").read(1))
for folder, folders, names in os.walk("/tmp"):
    for name in names:
        if name.startswith("test_") or "canary" in name:
            breach(f"{folder}/{name}")
