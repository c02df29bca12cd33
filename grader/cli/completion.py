"""`kata completion`, and the answers to a shell that completes what somebody types."""

from __future__ import annotations

import os
import sys

import click
from click import shell_completion

from grader.cli.options import GRADED
from grader.errors import UsageError

VARIABLE = "_KATA_COMPLETE"
"""Set by the script of a shell that asks for an answer."""
_COMMAND = "kata"
_PLACES = {
    "bash": "kata completion bash > ~/.kata-completion; echo '. ~/.kata-completion' >> ~/.bashrc",
    "zsh": "kata completion zsh > ~/.kata-completion; echo '. ~/.kata-completion' >> ~/.zshrc  # after compinit",
    "fish": "kata completion fish > ~/.config/fish/completions/kata.fish",
}
"""What keeps the script of each shell for good."""


@click.command()
@click.argument("shell", type=click.Choice(list(_PLACES)))
@click.pass_context
def completion_(context: click.Context, shell: str) -> int:
    """Print the script by which a shell completes kata's words.

    These are commands, options, and the names of exercises and paths.
    """
    kind = shell_completion.get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows all three
    try:
        script = kind(context.find_root().command, {}, _COMMAND, VARIABLE).source()
    except RuntimeError as error:  # click 8.1, where bash is not there or too old
        raise UsageError(str(error)) from error
    click.echo(script.strip())
    if sys.stdout.isatty():
        click.echo(f"\nThis is a script for {shell}. To keep it:\n\n    {_PLACES[shell]}", err=True)
    return GRADED


def answer(group: click.Command) -> int:
    """Say on stdout how the words that somebody typed may go on; whatever is wrong, say no more than that."""
    try:
        return shell_completion.shell_complete(group, {}, _COMMAND, VARIABLE, os.environ[VARIABLE])
    except Exception:  # noqa: BLE001 - it would stand in the middle of what is being typed
        return 1
