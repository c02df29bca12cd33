"""The `kata` command, and `python -m grader`.

What the user's shell says to Python in general must not change what we import or how we warn: a course on imports is
taken in folders full of modules called `json` and `calendar`.
"""

import contextlib
import gc
import os
import sys
import warnings
from pathlib import Path
from typing import NoReturn


def main() -> NoReturn:
    """Run the command, free of the environment's `PYTHON*` variables and of the current folder's modules."""
    # Nothing of what is imported will ever be garbage; looking for it costs a fifth of a cold start.
    gc.disable()
    _forget_surroundings()
    from grader.cli import main as run  # noqa: PLC0415 - only now is it sure which modules this finds

    status = run()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # whoever read it may have gone
            stream.flush()
    # All is written and closed. Taking the interpreter apart as well would take a tenth of a short run.
    os._exit(status)


def _forget_surroundings() -> None:
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    foreign = {os.path.realpath(entry) for entry in (*given, os.curdir)} - {str(Path(__file__).resolve().parents[1])}
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) not in foreign]
    # Our own processes (workers, pip) start without them, too.
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        del os.environ[name]
    if sys.warnoptions:
        sys.warnoptions.clear()
        warnings.resetwarnings()
        warnings.simplefilter("ignore")


if __name__ == "__main__":
    main()
