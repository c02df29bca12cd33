"""Signals that end what is under way: the first one counts, and it is never lost."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

SECONDS_TO_LEAVE_A_CALLBACK = 0.01


def wake_main_thread(number: int) -> None:
    """Send a signal to this process in such a way that it ends what the main thread waits for."""
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:  # raised by another thread it would not end what the main thread waits for
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def on_first_signal(end: Callable[[], None], *numbers: int) -> None:
    """Call `end`, which raises KeyboardInterrupt, at the first of these signals, and ignore all others.

    A second interrupt would cut short what the first one cleans up, and leave processes behind. But Python drops an
    exception that a handler raises during a callback, such as those of its import locks: then the signal is sent again.
    """
    to_come = False  # one more would be lost during the callback that handles the first

    def interrupt(_number: int, _frame: object) -> None:
        if to_come:
            return
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        end()

    def dropped(unraisable: UnraisableHookArgs) -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(unraisable)
            return
        nonlocal to_come
        to_come = True
        listen()
        threading.Timer(SECONDS_TO_LEAVE_A_CALLBACK, send_again).start()

    def send_again() -> None:
        nonlocal to_come
        to_come = False
        wake_main_thread(numbers[0])

    def listen() -> None:
        for number in numbers:
            signal.signal(number, interrupt)

    sys.unraisablehook = dropped
    listen()
