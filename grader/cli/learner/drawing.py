"""What learners read on a terminal, drawn with rich."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown, MarkdownElement
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from grader.catalog import Exercise
from grader.display import visible
from grader.errors import CatalogError
from grader.learning.guidance import paths
from grader.learning.guidance.solutions import FileDiff
from grader.progress import Entry

_BAR = 10
_WIDEST = 100
_WIDE = 120
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class _Code(CodeBlock):
    """Code as it is: not folded, so that a command to paste stays in one piece, and on no ground of its own."""

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        """Its lines."""
        code = textwrap.indent(str(self.text).rstrip(), "    ")
        yield Text(code, style="cyan", no_wrap=True, overflow="ignore")


class _Readme(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "code_block": _Code,
        "fence": _Code,
    }


def show_readme(exercise: Exercise, console: Console) -> None:
    """Print what an exercise asks for.

    Raises:
        CatalogError: it says nothing.
    """
    path = exercise.folder / "README.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CatalogError([f"{path}: can't be read: {error}."]) from error
    width = min(_WIDEST, console.width)
    console.print(_Readme(visible(text), hyperlinks=False), width=width, crop=False)


def show_exercises(exercises: Sequence[tuple[Exercise, Entry]], console: Console) -> None:
    """Print a table of exercises, each with what is known of the learner's attempts."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("#", "exercise", "", "title", "best", "state"):
        table.add_column(heading, header_style="dim", no_wrap=heading in ("#", "exercise", ""))
    if console.width >= _WIDE:
        table.add_column("about", header_style="dim")
    for exercise, entry in exercises:
        about = exercise.about
        title = about.title if about.weight else f"{about.title} (optional)"
        bar = "" if entry.best is None else ProgressBar(100, entry.best, width=_BAR)
        state = Text(paths.progress_text(exercise, entry), style="green" if entry.passed(about.version) else "")
        number, stars = f"{exercise.number:02}", "*" * about.difficulty
        concepts = Text(", ".join(about.concepts), style="dim", no_wrap=True, overflow="ellipsis")
        table.add_row(*(number, exercise.slug, stars, title, bar, state, concepts)[: len(table.columns)])
    console.print(table)


def show_solution(compared: Sequence[FileDiff], console: Console) -> None:
    """Print what differs between a learner's answer and ours."""
    if not compared:
        console.print("Your answer is the same as this one.")
    for file in compared:
        console.print()
        for line in file.lines:
            console.print(Text(line, style=_STYLES.get(line[:1], "")), soft_wrap=True)
