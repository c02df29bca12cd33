"""A group of commands that are imported when they are called: grading must not wait for what only others need."""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group whose commands are in modules of their own.

    Args:
        modules: the commands in the order in which they are shown, and the module below `grader.cli` of each, which
            holds it by its name and an underscore.
    """

    def __init__(self, *arguments: Any, modules: dict[str, str], **fields: Any) -> None:
        super().__init__(*arguments, **fields)
        self._modules = modules

    def list_commands(self, _context: click.Context) -> list[str]:
        """All names, in the order in which they are shown."""
        return list(self._modules)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in self._modules:
            return None
        module = importlib.import_module(f"grader.cli.{self._modules[name]}")
        command: click.Command = getattr(module, f"{name.replace('-', '_')}_")
        return command

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names of commands that begin so, and options; no command is imported for its help."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name) for name in self._modules if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, context, incomplete)]

    def resolve_command(self, context: click.Context, words: list[str]) -> Any:
        """The command that the words begin with; after a typo, the nearest one is named."""
        near = difflib.get_close_matches(words[0], self._modules, n=1)
        if words[0] not in self._modules and not words[0].startswith("-") and near:
            context.fail(f"There is no command {words[0]!r}. Did you mean {near[0]}?")
        return super().resolve_command(context, words)
