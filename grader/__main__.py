"""The `kata` command, and `python -m grader`.

What the user's shell says to Python in general must not change what we import or how we run: a course on imports is
taken in folders full of modules called `json` and `calendar`.
"""

import os
import sys

_HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120 - pathlib is not imported yet


def main() -> None:
    """Run the command, free of the environment's `PYTHON*` variables and of the current folder's modules."""
    _forget_surroundings()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for good
    import contextlib  # only now is it sure which modules these are
    import gc
    import signal

    # Until the command listens itself: an interrupted import has no traceback to show.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    # Nothing of what is imported will ever be garbage; looking for it costs a fifth of a cold start.
    gc.disable()
    from grader.cli import main as run

    status = run()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, AttributeError):  # its reader may have gone
            stream.flush()
    # All is written and closed. Taking the interpreter apart as well would take a tenth of a short run.
    os._exit(status)


def _forget_surroundings() -> None:
    """Drop what PYTHONPATH and `-m` put on the path, and start again where a variable has changed how Python runs."""
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    try:
        foreign = {os.path.realpath(entry) for entry in (*given, os.curdir)} - {_HERE}
        sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) not in foreign]
    except OSError:
        sys.stderr.write("kata: The current folder is gone; change to another and try again.\n")
        sys.exit(2)
    variables = [name for name in os.environ if name.startswith("PYTHON")]
    for name in variables:
        # Kept under another name, for programs of the user's own that are looked at as they run.
        os.environ[f"KATA_GIVEN_{name}"] = os.environ.pop(name)
    if os.name == "posix" and (sys.flags.optimize or sys.warnoptions or "PYTHONIOENCODING" in variables):
        # Without docstrings checks have no titles; warnings may be errors. -P: `-m` is not to add the current folder.
        code = f"import sys; sys.path.insert(0, {_HERE!r}); from grader.__main__ import main; main()"
        os.execv(sys.executable, [sys.executable, "-P", "-c", code, *sys.argv[1:]])  # noqa: S606 - ourselves


if __name__ == "__main__":
    main()
