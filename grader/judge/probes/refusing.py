"""The audit hook of a probe: refuses what would find the asker's objects without a name, and ends the interpreter.

The judge never imports it: its code goes, compiled, to the learner's side with that of the asker.
"""

from __future__ import annotations

from typing import Any


# Learner code may see a frame of this (in a collection, say), and from Python 3.13 on write to its variables. So it has
# no variables that last: what it needs are defaults, constants and builtins of its own, whose loss raises as well. It
# looks at its arguments before it calls anything, since that is when other code may run.
def refuse(
    event: str, about: tuple[Any, ...], leave: Any, status: list[int], threads: bool, processes: bool, text: Any
) -> None:
    """Raise, if an event is not for learner code.

    Args:
        event: what happens.
        about: what it happens to.
        leave: `os._exit`.
        status: what the program would end with.
        threads: whether any may be started.
        processes: the same of these, so that it is said in other words than "try again".
        text: joins texts, and looks for no attribute of the learner's.
    """
    if event == "cpython.PyInterpreterState_Clear":  # the hooks go next, and learner code may still come
        try:
            leave(status[0] or 0)
        finally:
            while True:
                pass
    if event in {
        "code.__new__",
        "cpython.PyInterpreterState_New",
        "gc.get_objects",
        "gc.get_referents",
        "gc.get_referrers",
        "sqlite3.enable_load_extension",
        "sqlite3.load_extension",
        "sys._current_exceptions",
        "sys._current_frames",
        "sys.monitoring.register_callback",
        "sys.remote_exec",
        "sys.setprofile",
        "sys.settrace",
    }:
        raise RuntimeError(event + " is not for code that is being graded")
    if event[:7] == "ctypes." or (event[:14] == "_thread.start_" and not threads):
        raise RuntimeError(event + " is not for code that is being graded")
    if not processes and event in {"os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}:
        raise RuntimeError(event + " is not for code that is being graded")
    if event == "kata.status":
        status[:] = about
    if event == "import" and text(about[:1]).rpartition(".")[2].replace("-", "_") in {
        "_ctypes",
        "_ctypes_test",
        "_interpchannels",
        "_interpqueues",
        "_interpreters",
        "_remote_debugging",
        "_testcapi",
        "_testclinic",
        "_testinternalcapi",
        "_testlimitedcapi",
        "_xxinterpchannels",
        "_xxsubinterpreters",
    }:
        raise ImportError("this module is not for code that is being graded")
