"""The dialogs of the screen: something to read, or a question. Textual is needed here."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown, Static

Answer = bool
"""Whether somebody said yes, or asked for more."""


class TextDialog(ModalScreen[Answer]):
    """A text to read.

    Args:
        heading: stands above it.
        text: what to read.
        markdown: whether the text is Markdown of ours; if not, it is shown as it is.
        more: the key that asks for more of this, if there may be any.
    """

    SCOPED_CSS = False  # for questions, too
    CSS = """
    TextDialog { align: center middle; }
    TextDialog > Vertical { width: 96; max-width: 100%; height: auto; max-height: 100%; border: round $primary; }
    TextDialog VerticalScroll { height: auto; max-height: 100%; padding: 0 1; }
    TextDialog > Vertical { border-subtitle-color: $text-muted; }
    TextDialog:nocolor > Vertical { border: round; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,q", "dismiss(False)", "close")]

    def __init__(self, heading: str, text: str, *, markdown: bool = False, more: str = "") -> None:
        super().__init__()
        self._heading = heading
        self._text = text
        self._markdown = markdown
        self._more = more
        if more:
            self._bindings.bind(more, "dismiss(True)", "more")

    def compose(self) -> ComposeResult:
        """The text, and how to go on."""
        with Vertical() as frame:
            frame.border_title = Content(self._heading).markup
            frame.border_subtitle = Content(self.foot()).markup
            with VerticalScroll():
                if self._markdown:
                    yield Markdown(self._text, open_links=False)
                else:
                    yield Static(Content(self._text))

    def on_mount(self) -> None:
        """Begin with the latest, where each step adds something."""
        if self._more and self._markdown:
            self.call_after_refresh(self.query_one(VerticalScroll).scroll_end, animate=False)

    def foot(self) -> str:
        """The keys that there are."""
        return f"Escape: back   {self._more}: more" if self._more else "Escape: back"


class QuestionDialog(TextDialog):
    """Something to answer by yes or no.

    Args:
        heading: stands above it.
        text: the question.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("y", "dismiss(True)", "yes"), ("n", "dismiss(False)", "no")]

    def __init__(self, heading: str, text: str) -> None:
        super().__init__(heading, text)

    def foot(self) -> str:
        """The keys that there are."""
        return "y: yes   n, Escape: no"
