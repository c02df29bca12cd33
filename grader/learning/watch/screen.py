"""`kata watch` as an application that fills the terminal. Textual is needed here."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Footer, Markdown, OptionList, Static
from textual.widgets.option_list import Option

from grader.catalog import Exercise
from grader.errors import InfrastructureError, KataError
from grader.learning.watch import appearance, opening, widgets
from grader.learning.watch.dialogs import QuestionDialog, TextDialog
from grader.learning.watch.engine import Broken, Event, XrayDone
from grader.learning.watch.session import Session
from grader.learning.watch.state import Stage

_END_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Signals that end the application instead of us, so that it can put the terminal in order.

Not SIGHUP: there is no terminal then. It ends us at once, and the judge ends itself when its pipe is closed.
"""


class EngineReported(Message):
    """The engine told of something, in its own thread."""

    def __init__(self, exercise: Exercise, event: Event) -> None:
        super().__init__()
        self.exercise = exercise
        self.event = event


class DialogReady(Message):
    """What was asked for is there, as found in a thread of its own."""

    def __init__(self, dialog: TextDialog, more: Callable[[], None]) -> None:
        super().__init__()
        self.dialog = dialog
        self.more = more


class WatchApp(App[None]):
    """Exercises on the left; instructions, checks and the first failure on the right; the verdict above all of it.

    Args:
        session: what is being worked on; closed by the caller.
        notice: something to know from the start.
    """

    TITLE = "kata"
    ENABLE_COMMAND_PALETTE = False
    CSS = appearance.CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", "next"),
        Binding("h", "hint", "hint"),
        Binding("x", "xray", "x-ray"),
        Binding("i", "read", "read"),
        Binding("e", "edit", "edit"),
        Binding("l", "list", "list"),
        Binding("r", "reset", "reset"),
        Binding("g", "again", "grade", show=False),
        Binding("s", "solution", "answer"),
        Binding("q", "quit", "quit"),
        Binding("ctrl+c", "interrupt", "end", show=False, priority=True),
    ]

    def __init__(self, session: Session, notice: str | None = None) -> None:
        self.HORIZONTAL_BREAKPOINTS = appearance.WIDTHS
        self.VERTICAL_BREAKPOINTS = appearance.HEIGHTS
        super().__init__(ansi_color=True)  # for NO_COLOR too, which is looked at before there is a theme
        self.register_theme(appearance.THEME)
        self.theme = appearance.THEME.name
        self._session = session
        self._notice = notice
        self.interrupted = False
        """Whether it was ended by Ctrl-C or a signal."""
        self.broken: str | None = None
        """Why it had to end, if it did."""

    def compose(self) -> ComposeResult:
        """The parts of the screen."""
        yield Static(id="verdict")
        with Horizontal(id="body"):
            yield OptionList(id="exercises", markup=False)
            with Vertical(id="right"):
                with VerticalScroll(id="instructions"):
                    yield Markdown(open_links=False)
                with VerticalScroll(id="results"):
                    yield Static(id="why", classes="-empty")
                    yield Static(id="changes", classes="-empty")
                    yield Static(id="failure", classes="-empty")
                    yield Static(id="checks")
        yield Footer(show_command_palette=False, compact=True)

    async def on_mount(self) -> None:
        """Begin."""
        with suppress(NotImplementedError):  # not on Windows
            for number in _END_SIGNALS:
                asyncio.get_running_loop().add_signal_handler(number, self._end_interrupted)
        for part in ("exercises", "instructions", "results"):
            self.query_one(f"#{part}").border_title = part
        self._results.focus()
        if self._notice:
            self.notify(self._notice, severity="warning", markup=False)
        await self._open(self._session.state.exercise)

    def tell(self, exercise: Exercise, event: Event) -> None:
        """Take what the engine tells, in any thread."""
        with suppress(RuntimeError):  # the application has ended
            self.post_message(EngineReported(exercise, event))

    def on_engine_reported(self, report: EngineReported) -> None:
        """Show it."""
        if isinstance(report.event, Broken):
            self.broken = report.event.why
            self.exit()
        elif isinstance(report.event, XrayDone):
            if report.exercise is self._session.state.exercise:
                dialog, page = (
                    TextDialog("X-ray", report.event.text, more="o" * bool(report.event.page)),
                    report.event.page,
                )
                self.on_dialog_ready(DialogReady(dialog, lambda: self.notify(opening.open_page(page), markup=False)))
        elif self._session.apply(report.exercise, report.event):
            with suppress(NoMatches):  # the screen is being taken away
                self._show_all()

    async def _open(self, exercise: Exercise) -> None:
        try:
            self._session.open(exercise)
        except KataError as error:
            self.push_screen(TextDialog("It can't be opened", str(error)))
            return
        await self.query_one(Markdown).update(self._session.instructions())
        self.query_one("#instructions").scroll_home(animate=False)
        self._show_all()

    # What is shown.

    @property
    def _results(self) -> VerticalScroll:
        return self.query_one("#results", VerticalScroll)

    def _show_all(self) -> None:
        state = self._session.state
        self.query_one("#verdict", Static).update(widgets.verdict(state))
        self._show_if("#why", Content(state.why))
        self._show_if("#changes", widgets.changes(state.difference()))
        self._show_if("#failure", widgets.failure(state))
        self.query_one("#checks", Static).update(widgets.checks(state))
        if state.stage is not Stage.GRADING:
            self._results.scroll_home(animate=False)
            self._list_exercises()
        self.refresh_bindings()

    def _show_if(self, where: str, text: Content) -> None:
        part = self.query_one(where, Static)
        part.set_class(not text.plain, "-empty")
        part.update(text)

    def _list_exercises(self) -> None:
        listed = self.query_one("#exercises", OptionList)
        rows = self._session.listing()
        highlighted = listed.highlighted if listed.has_focus else None
        if highlighted is None:  # one that was named need not be on the path
            names = [row.exercise.slug for row in rows]
            slug = self._session.state.exercise.slug
            highlighted = names.index(slug) if slug in names else None
        listed.set_options(
            Option(Content(f"{row.mark} {row.exercise.number:02} {row.exercise.slug}"), id=row.exercise.slug)
            for row in rows
        )
        listed.highlighted = highlighted

    # What the keys do.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the solution only to a learner who may see it."""
        if action == "solution" and not self._session.may_see_solution():
            return False
        return super().check_action(action, parameters)

    async def action_next(self) -> None:
        """Turn to the next exercise that isn't passed."""
        following = self._session.next_exercise()
        if following is None:
            self.push_screen(TextDialog("Done", "All exercises are passed."))
        else:
            await self._open(following)

    def action_hint(self) -> None:
        """Show the hints that were read, or the first; from there on, one more each time."""
        page = self._session.hint_page
        self._ask("Hints", lambda: page(further=False), markdown=True, more=lambda: page(further=True))

    def action_xray(self) -> None:
        """Show what the import system does in the project."""
        self._session.xray()
        self.notify("The x-ray is being made.", timeout=2, markup=False)

    def action_solution(self) -> None:
        """Show our own solution."""
        self._ask("Solution", self._session.solution)

    def action_again(self) -> None:
        """Grade what is there."""
        self._session.again()

    def action_read(self) -> None:
        """Give the instructions all the place, or take it back."""
        right = self.query_one("#right")
        right.toggle_class("-reading")
        self.query_one("#instructions" if right.has_class("-reading") else "#results").focus()

    def action_edit(self) -> None:
        """Open the editor at the place to look at first."""
        with self.suspend():
            trouble = opening.open_editor(self._session.state)
        if trouble:
            self.notify(trouble, severity="warning", markup=False)

    def action_list(self) -> None:
        """Go to the list of exercises, or leave it."""
        body = self.query_one("#body")
        body.toggle_class("-listing")
        if body.has_class("-listing"):
            self.query_one("#exercises").focus()
        else:
            self._results.focus()

    async def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """Turn to an exercise of the list."""
        self.query_one("#body").remove_class("-listing")
        self._results.focus()
        await self._open(self._session.exercise(selected.option.id or ""))

    def action_reset(self) -> None:
        """Lay the stub anew, if that is really wanted."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._ask("Reset", self._session.reset)

        self.push_screen(QuestionDialog("Reset", self._session.reset_question()), answered)

    def action_interrupt(self) -> None:
        """Copy the text that is selected, or else end."""
        if self.screen.get_selected_text():
            self.screen.action_copy_text()
            self.screen.clear_selection()
        else:
            self._end_interrupted()

    def _end_interrupted(self) -> None:
        self.interrupted = True
        self.exit()

    def _ask(
        self, heading: str, ask: Callable[[], str], *, markdown: bool = False, more: Callable[[], str] | None = None
    ) -> None:
        """Show what `ask` gives, which may take a while; `h` then shows what `more` gives, its end first."""
        key = "" if more is None else "h"

        def work() -> None:
            try:
                dialog = TextDialog(heading, ask(), markdown=markdown, more=key)
            except KataError as error:
                dialog = TextDialog(heading, str(error))
            with suppress(RuntimeError):  # the application has ended
                self.post_message(DialogReady(dialog, go_on))

        def go_on() -> None:
            if more is not None:
                self._ask(heading, more, markdown=markdown, more=more)

        self.run_worker(work, thread=True, exclusive=True, group="asking")

    def on_dialog_ready(self, ready: DialogReady) -> None:
        """Show what was asked for."""
        self.push_screen(ready.dialog, lambda wants_more: ready.more() if wants_more else None)


def run(app: WatchApp) -> None:
    """Show it until somebody wants to quit; the terminal is as it was then, however it ends.

    Raises:
        KeyboardInterrupt: it was ended by Ctrl-C or a signal.
        InfrastructureError: the watch broke off.
    """
    before = {number: signal.getsignal(number) for number in _END_SIGNALS}
    try:
        app.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if app.broken is not None:
        raise InfrastructureError(app.broken)
    if app.interrupted:
        raise KeyboardInterrupt
