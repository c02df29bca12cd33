"""Notice changes to a learner's files, once they have been left alone for a moment."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from grader.intake import MAX_FILES, copies

# Seconds. Editors write a file in several steps, and several files at once: what is half saved is not worth grading.
_SETTLE_SECONDS = 0.06
_MAX_SETTLE_SECONDS = 1.0
_FALLBACK_INTERVAL = 1.0
"""Between looks where events are expected: on some mounts none arrive."""
_POLL_INTERVAL = 0.25
"""Between looks where they don't."""
_EVENT_STEP = 20
"""Milliseconds for which events are gathered."""

_EDITOR_FILES = re.compile(
    r"\.?#.*|.*~|.*\.sw[a-z]|.*\.(tmp|bak|kate-swp|crswap)|4913|\.goutputstream-.*|.*___jb_(tmp|old)___", re.DOTALL
)
"""What editors keep beside a file while they save or edit it."""
_OURS = ".kata"

Snapshot = dict[str, tuple[int, int, int]]
"""Of each file and folder of a project: when it was changed (nanoseconds), how many bytes, which inode."""
_FOLDER = -1
"""In place of a folder's time and size, which change with what is left out of it."""


def scan(folder: Path) -> Snapshot:
    """What can be seen of a project without opening or following anything; nothing where there is no folder.

    What is never graded is left out, and beyond the files that a project may have, it is not looked at. A folder that
    is swapped for a link at that very moment may be looked into: times and sizes only say when to grade.
    """
    seen: Snapshot = {}
    try:
        seen[""] = (_FOLDER, _FOLDER, folder.stat().st_ino)
        _scan_folder(os.fspath(folder), "", seen)
    except OSError:
        return {}
    return seen


def _scan_folder(folder: str, at: str, seen: Snapshot) -> None:
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
                    _scan_folder(entry.path, f"{name}/", seen)
            except OSError:  # just removed, or not ours to see
                seen[name] = (0, 0, 0)


def _left_out(name: str, *, folder: bool, top: bool) -> bool:
    if copies.left_out(name, folder=folder, top=top):
        return True
    return name == _OURS if folder else _EDITOR_FILES.fullmatch(name) is not None


def _folders(state: Snapshot) -> list[tuple[str, int]]:
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
        self._event_arrived = Event()
        self._folders_changed = Event()
        """Set when other folders are to be listened to, or none any more."""
        self._pause = _POLL_INTERVAL if poll else _FALLBACK_INTERVAL
        self._before = scan(folder)
        targets = (self._watch_for_changes,) if poll else (self._watch_for_changes, self._listen)
        self._threads = [Thread(target=target, name="watch", daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Look no more; no call of `changed` comes after this."""
        for event in (self._closed, self._event_arrived, self._folders_changed):
            event.set()
        for thread in self._threads:
            thread.join()

    def _watch_for_changes(self) -> None:
        while not self._closed.is_set():
            told = self._event_arrived.wait(self._pause)
            self._event_arrived.clear()
            now, before = self._settled_snapshot(), self._before
            if now == before or self._closed.is_set():
                continue
            if not (told or self._event_arrived.is_set()):
                self._pause = _POLL_INTERVAL
            self._before = now
            if _folders(now) != _folders(before):
                self._folders_changed.set()
            self._changed()

    def _settled_snapshot(self) -> Snapshot:
        """What can be seen once it has looked the same for a moment; after long unrest, what can be seen then."""
        seen = scan(self._folder)
        for _ in range(round(_MAX_SETTLE_SECONDS / _SETTLE_SECONDS)):
            if seen == self._before or self._closed.wait(_SETTLE_SECONDS):
                break
            again = scan(self._folder)
            if again == seen:
                break
            seen = again
        return seen

    def _listen(self) -> None:
        while not self._closed.is_set():
            self._folders_changed.clear()
            folders = [self._folder / name for name, _ in _folders(self._before)]
            # The system may give out no more watches, and a folder may have gone: then looking has to do.
            with contextlib.suppress(OSError, RuntimeError):
                self._listen_to(folders)
            if not self._closed.is_set():
                self._folders_changed.wait()

    def _listen_to(self, folders: list[Path]) -> None:
        import watchfiles

        # One by one: a tree would be listened to through links, wherever they lead.
        events = watchfiles.watch(
            *folders,
            recursive=False,
            watch_filter=None,
            debounce=_EVENT_STEP * 4,
            step=_EVENT_STEP,
            stop_event=self._folders_changed,
            raise_interrupt=False,
            force_polling=False,
            debug=False,
            ignore_permission_denied=True,
        )
        for _ in events:
            self._event_arrived.set()
