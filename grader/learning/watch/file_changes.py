"""Changes to a learner's files: noticed once they have been left alone for a moment, whoever tells of them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from grader.intake import MAX_FILES, copies

# Seconds. Editors write a file in several steps, and several files at once: what is half saved is not worth grading.
_QUIET = 0.06
_LONGEST_UNREST = 1.0
_NET = 1.0
"""Between looks where events are expected: on some mounts none arrive."""
_OFTEN = 0.25
"""Between looks where they don't."""
_STEP = 20
"""Milliseconds for which events are gathered."""

_OF_EDITORS = re.compile(
    r"\.?#.*|.*~|.*\.sw[a-z]|.*\.(tmp|bak|kate-swp|crswap)|4913|\.goutputstream-.*|.*___jb_(tmp|old)___", re.DOTALL
)
"""What editors keep beside a file while they save or edit it."""
_OURS = ".kata"

State = dict[str, tuple[int, int, int]]
"""Of each file and folder of a project: when it was changed (nanoseconds), how many bytes, which inode."""
_FOLDER = -1
"""In place of a folder's time and size, which change with what is left out of it."""


def look(folder: Path) -> State:
    """What can be seen of a project without opening or following anything; nothing where there is no folder.

    What is never graded is left out, and beyond the files that a project may have, it is not looked at.
    """
    seen: State = {}
    try:
        seen[""] = (_FOLDER, _FOLDER, folder.stat().st_ino)
        _look_into(os.fspath(folder), "", seen)
    except OSError:
        return {}
    return seen


def _look_into(folder: str, at: str, seen: State) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(seen) > MAX_FILES:
                return
            is_folder = entry.is_dir(follow_symlinks=False)
            if _left_out(entry.name, folder=is_folder, top=not at):
                continue
            name = at + entry.name
            try:
                about = entry.stat(follow_symlinks=False)
                seen[name] = (about.st_mtime_ns, about.st_size, about.st_ino)
                if is_folder and at.count("/") < copies.MAX_DEPTH:
                    seen[name] = (_FOLDER, _FOLDER, about.st_ino)
                    _look_into(entry.path, f"{name}/", seen)
            except OSError:  # just removed, or not ours to see
                seen[name] = (0, 0, 0)


def _left_out(name: str, *, folder: bool, top: bool) -> bool:
    if copies.left_out(name, folder=folder, top=top):
        return True
    return name == _OURS if folder else _OF_EDITORS.fullmatch(name) is not None


def _folders(state: State) -> list[tuple[str, int]]:
    return [(name, inode) for name, (_, size, inode) in state.items() if size == _FOLDER]


class FolderWatch:
    """Looks after one project from now on, until it is closed.

    Events only say when to look; what has changed is what looks different. So it doesn't matter how an editor saves,
    whether the folder goes and comes back, or whether events arrive at all: where a change comes to light without one,
    it looks more often from then on.

    Args:
        folder: the project; it may not be there.
        changed: called, in a thread of ours, for each change.
        poll: don't wait for events at all.
    """

    def __init__(self, folder: Path, changed: Callable[[], None], *, poll: bool = False) -> None:
        self._folder = folder
        self._changed = changed
        self._closed = Event()
        self._stirred = Event()
        self._rearranged = Event()
        """Set when other folders are to be listened to, or none any more."""
        self._pause = _OFTEN if poll else _NET
        self._before = look(folder)
        targets = (self._look_after,) if poll else (self._look_after, self._listen)
        self._threads = [Thread(target=target, name="watch", daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Look no more; no call of `changed` comes after this."""
        for event in (self._closed, self._stirred, self._rearranged):
            event.set()
        for thread in self._threads:
            thread.join()

    def _look_after(self) -> None:
        while not self._closed.is_set():
            told = self._stirred.wait(self._pause)
            self._stirred.clear()
            now, before = self._settled(), self._before
            if now == before or self._closed.is_set():
                continue
            if not (told or self._stirred.is_set()):
                self._pause = _OFTEN
            self._before = now
            if _folders(now) != _folders(before):
                self._rearranged.set()
            self._changed()

    def _settled(self) -> State:
        """What can be seen once it has looked the same for a moment; after long unrest, what can be seen then."""
        seen = look(self._folder)
        for _ in range(round(_LONGEST_UNREST / _QUIET)):
            if seen == self._before or self._closed.wait(_QUIET):
                break
            again = look(self._folder)
            if again == seen:
                break
            seen = again
        return seen

    def _listen(self) -> None:
        while not self._closed.is_set():
            self._rearranged.clear()
            folders = [self._folder / name for name, _ in _folders(self._before)]
            # The system may give out no more watches, and a folder may have gone: then looking has to do.
            with contextlib.suppress(OSError, RuntimeError):
                self._listen_to(folders)
            if not self._closed.is_set():
                self._rearranged.wait()

    def _listen_to(self, folders: list[Path]) -> None:
        import watchfiles

        # One by one: a tree would be listened to through links, wherever they lead.
        events = watchfiles.watch(
            *folders,
            recursive=False,
            watch_filter=None,
            debounce=_STEP * 4,
            step=_STEP,
            stop_event=self._rearranged,
            raise_interrupt=False,
            force_polling=False,
            debug=False,
            ignore_permission_denied=True,
        )
        for _ in events:
            self._stirred.set()
