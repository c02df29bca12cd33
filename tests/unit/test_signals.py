"""Interrupts reach whoever grades, wherever Python is just then."""

import subprocess
import sys

import pytest

DROPPED = """
import signal, time, weakref
from grader.workers.signals import on_first_signal

class Anything:
    pass

def end():
    print("end")
    raise KeyboardInterrupt

{meanwhile}
on_first_signal(end, signal.SIGINT, signal.SIGTERM)
try:
    anything = Anything()
    reference = weakref.ref(anything, lambda _: signal.raise_signal(signal.SIGTERM))
    del anything  # Python drops what the handler raises here
    time.sleep(10)
except KeyboardInterrupt:
    signal.raise_signal(signal.SIGINT)
    print("interrupted")
"""

ONCE_MORE = """
listen, listened = signal.signal, []

def impatient(number, handler):
    listen(number, handler)
    listened.extend([number] if callable(handler) else [])
    if len(listened) > 2:  # the first two are from the beginning
        signal.raise_signal(number)

signal.signal = impatient
"""


@pytest.mark.parametrize("meanwhile", ["", ONCE_MORE], ids=["alone", "another one at once"])
def test_interrupt_amid_a_callback(meanwhile):
    """An interrupt is not lost where Python drops the exception, says nothing of it, and counts once.

    Nor is one that comes while Python drops the first one.
    """
    script = DROPPED.format(meanwhile=meanwhile)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout.split(), done.stderr) == (["end", "end", "interrupted"], "")
