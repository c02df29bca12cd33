"""Has a collection begin while a probe's hook notes something, and clears the list that it notes into.

Made for 02_main_guard: tally.py.
Made for 04_relative_imports: pilotage/__init__.py.
"""

import gc
import os
import sys

KEPT = []


def come_by(*_):
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename == "<probe>":
            KEPT.extend(each for each in frame.f_globals.values() if isinstance(each, list))
        frame = frame.f_back
    for each in KEPT:
        each.clear()


class Late:
    def __del__(self):
        come_by()
        Late().me = self


gc.callbacks.append(come_by)
gc.set_threshold(1, 1, 1)
late = Late()
late.me = late
sys.addaudithook(come_by)
del late
if __name__ != "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
