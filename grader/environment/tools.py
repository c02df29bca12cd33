"""Run trusted tools (`venv`, `pip`) outside of any sandbox. Learner code never comes near this."""

from __future__ import annotations

import os
import subprocess  # noqa: TID251 - the one other place where processes start

_SECONDS = 300.0


class ToolError(Exception):
    """A tool did not do its work; the message is the last thing it said."""


def run(*argv: str) -> None:
    """Run a tool to its end.

    It keeps the user's settings for networks and indexes, but none of the variables that change how Python starts.

    Raises:
        ToolError: it could not be started, took longer than five minutes, or ended with another status than 0.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    try:
        done = subprocess.run(
            argv,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            text=True,
            # Executions that run as another uid must be able to read what is made.
            umask=-1 if os.name == "nt" else 0o022,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(str(error)) from error
    if done.returncode != 0:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise ToolError(lines[-1] if lines else f"status {done.returncode}")
