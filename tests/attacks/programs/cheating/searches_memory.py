"""Searches all objects for checks, expectations and solutions."""

import gc
import sys

for thing in gc.get_objects():
    try:
        text = repr(type(thing)) + repr(getattr(thing, "__module__", ""))
    except BaseException:
        continue
    for word in ("grader.", "hidden_tests", "_pytest", "Expectation"):
        if word in text:
            breach(f"{word} in memory")
for name in sys.modules:
    if name.split(".")[0] in ("grader", "pytest", "_pytest", "msgspec"):
        breach(f"the module {name}")
