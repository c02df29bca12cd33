"""Interrupts reach whoever grades, wherever Python is just then."""

import subprocess
import sys

SCRIPT = """
import signal, sys, time, weakref
from grader.workers import on_first_signal

class Anything:
    pass

def end():
    print("end")
    raise KeyboardInterrupt

def amid_a_callback(_reference):
    signal.raise_signal(signal.SIGTERM)

on_first_signal(end, signal.SIGINT, signal.SIGTERM)
try:
    anything = Anything()
    reference = weakref.ref(anything, amid_a_callback)
    del anything  # Python drops what the handler raises here
    time.sleep(10)
except KeyboardInterrupt:
    signal.raise_signal(signal.SIGINT)
    print("interrupted")
"""


def test_interrupt_amid_a_callback():
    """An interrupt is not lost where Python drops the exception, says nothing of it, and counts once."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout.split(), done.stderr) == (["end", "end", "interrupted"], "")


AGAIN = """
import signal, sys, time, weakref
from grader import workers

class Anything:
    pass

def end():
    print("end")
    raise KeyboardInterrupt

listen, listened = signal.signal, []

def impatient(number, handler):
    listen(number, handler)
    if callable(handler):
        listened.append(number)
        if len(listened) > 1:
            signal.raise_signal(number)

signal.signal = impatient
workers.on_first_signal(end, signal.SIGINT)
try:
    anything = Anything()
    reference = weakref.ref(anything, lambda _: signal.raise_signal(signal.SIGINT))
    del anything
    time.sleep(10)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_interrupt_amid_a_dropped_one():
    """A second interrupt while Python drops the first one is not dropped with it."""
    done = subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout.split(), done.stderr) == (["end", "end", "interrupted"], "")
