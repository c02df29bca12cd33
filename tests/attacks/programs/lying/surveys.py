"""Looks everywhere for what reports, as soon as a probe imports it: the heap, threads, memory, other interpreters.

Made for 03_init_exports: harbour/__init__.py.
Made for 13_from_bindings: signalbox/__init__.py.
"""

import _imp
import gc
import os
import sys
import threading
from importlib.machinery import ModuleSpec


def by_hand(name, module):
    folder = next(each for each in sys.path if each.endswith("lib-dynload"))
    return _imp.create_dynamic(ModuleSpec(name, None, origin=f"{folder}/{module}{_imp.extension_suffixes()[0]}"))


def overwrite(*_):
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename == "<kata>":
            if {"steps", "space", "report"} & set(frame.f_locals):
                breach("a frame of ours")
            for name in frame.f_code.co_varnames:
                frame.f_locals[name] = "harmless" if name == "event" else ("harmless",)
        frame = frame.f_back


def look():
    for what, way in {
        "the heap": gc.get_objects,
        "who refers to it": lambda: gc.get_referrers(gc),
        "what it refers to": lambda: gc.get_referents(gc),
        "the frames of threads": sys._current_frames,
        "the errors of threads": getattr(sys, "_current_exceptions", lambda: 1 / 0),
        "tracing": lambda: sys.settrace(print),
        "profiling": lambda: sys.setprofile(print),
        "code by hand": lambda: look.__code__.replace(co_name="other"),
        "ctypes": lambda: __import__("ctypes").c_int(),
        "ctypes by hand": lambda: by_hand("-ctypes", "_ctypes"),
        "ctypes of somebody else's": lambda: next(c for c in object.__subclasses__() if c.__name__ == "_CData"),
        "memory": lambda: open("/proc/self/mem", "rb"),
        "memory of a parent": lambda: open(f"/proc/{os.getppid()}/mem", "rb"),
        "descriptors": lambda: os.listdir("/proc/self/fd"),
        "the command line": lambda: open("/proc/self/cmdline", "rb"),
        "a thread": lambda: threading.Thread(target=overwrite).start(),
        "an interpreter": lambda: by_hand("_interpreters", "_interpreters").create(),
    }.items():
        refused(what, way)


frame = sys._getframe()
while frame is not None and frame.f_code.co_filename != "<probe>":
    frame = frame.f_back
if frame is not None:
    gc.callbacks.append(overwrite)
    gc.set_threshold(1, 10**6, 10**6)
    look()
    gc.callbacks.clear()
