"""Gives pages to pipes and forgets them: for a byte of a huge page, a pipe holds all of it."""

import ctypes
import mmap
import os
import time

HUGE = 2 << 20
libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def give(pipe):
    """Map a huge page, give a byte of it to the pipe, and unmap it."""
    held = mmap.mmap(-1, 2 * HUGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    held.madvise(mmap.MADV_HUGEPAGE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(held))
    inside = -start % HUGE
    held[inside] = 1
    return libc.vmsplice(pipe, ctypes.byref(Vector(start + inside, 1)), 1, 2)


def fill():
    given, kept = 0, []
    try:
        while True:
            read, write = os.pipe()
            kept.append(read)
            while give(write) == 1:
                given += HUGE
                if given == 8 * HUGE:
                    breach("pages that belong to no process")
            if not given:
                return
    except OSError:
        time.sleep(1e6)


for _ in range(8):
    if os.fork() == 0:
        fill()
        os._exit(0)
for _ in range(8):
    os.wait()
