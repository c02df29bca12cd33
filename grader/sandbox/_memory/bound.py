"""What bounds the memory of one execution, and counts its processor time: its cgroup, or looks at its processes."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model import Limits
from grader.sandbox._memory.groups import Groups
from grader.sandbox._memory.looking import Look, descendants
from grader.sandbox._usage import Look as UsageLook
from grader.sandbox._usage import look_at


class Bound:
    """The bound of one execution.

    Args:
        groups: make its cgroup, where there are any.
        limits: those of the execution.
        in_memory: its file systems in memory, with their sizes in bytes.
    """

    def __init__(self, groups: Groups, limits: Limits, in_memory: Mapping[str, int]) -> None:
        self._groups = groups
        self._group = self._made = groups.make(limits, sum(in_memory.values()))
        self._look = Look(limits.memory, tuple(in_memory))
        self._init: int | None = None

    @property
    def waits(self) -> bool:
        """Whether no program may start before `enter` was called."""
        return self._made is not None

    @property
    def way_in(self) -> tuple[str, ...]:
        """What to start bubblewrap with; see `Group.way_in`."""
        return self._made.way_in if self._made is not None else ()

    def enter(self, init: int) -> None:
        """Bound the processes of a namespace, none of which has run a program yet.

        Args:
            init: the first of them.
        """
        self._init = init
        if self._group is not None:
            try:
                self._group.enter(init)
            except ProcessLookupError:  # it has ended, or was ended, already
                pass
            except OSError as error:
                self._groups.give_up(error)
                self._group = None

    def exceeded(self) -> bool:
        """Whether its processes hold more than they may; a look takes a fraction of a second at most."""
        if self._init is None:
            return False
        if self._group is None:
            return self._look.exceeded(self._init)
        # Files are counted here as well: the kernel charges little for one, and takes long to remove so many.
        return self._group.exceeded() or self._look.too_many_files(self._init)

    def usage(self) -> UsageLook | None:
        """What can be seen of what its processes take; see `Usage`."""
        if self._init is None:
            # bubblewrap makes the program's surroundings; or all has ended, and the number may be another's.
            seen: UsageLook | None = UsageLook(0.0, ready=True)
        else:
            seen = look_at(descendants(self._init))
        counted = self._group.processor() if self._group is not None else None
        return seen._replace(processor=counted) if seen is not None and counted is not None else seen

    def left(self) -> None:
        """All its processes have ended."""
        self._init = None

    def met(self) -> bool:
        """Whether the kernel has ended a process because of the limit."""
        return self._group is not None and self._group.met()

    def kill(self) -> None:
        """End its processes, as far as they are in a cgroup."""
        if self._group is not None:
            self._group.kill()

    def close(self) -> None:
        """Remove what was made for it."""
        if self._made is not None:
            self._groups.remove(self._made)
