"""Grade exercises on Python's import system by what really happens.

Authors of checks import from `grader.checks`; everything else in this package serves the `kata` command.
"""

__version__ = "0.1.0"
