"""Tables of numbers, for the terminal and for documents: the first column holds names."""

from __future__ import annotations

from collections.abc import Sequence


def text(rows: Sequence[Sequence[str]]) -> str:
    """A table in columns.

    Args:
        rows: the first of them is the head.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))])
        for name, *cells in rows
    )


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """The same in Markdown."""
    head, *others = rows
    ruler = ("---", *["--:"] * (len(head) - 1))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ruler, *others))
