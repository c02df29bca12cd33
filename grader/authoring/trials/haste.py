"""Less time for answers that may never end, so that they cost little."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import msgspec

from grader.catalog import Exercise


def hurried(exercise: Exercise, *, wall: float, build_wall: float, attempt_wall: float = inf) -> Exercise:
    """The same exercise with less time for what it starts.

    Args:
        exercise: whose limits are lowered; one that is lower already stays.
        wall: seconds for each execution.
        build_wall: seconds for each build.
        attempt_wall: seconds for all of them together.
    """
    limits, together = exercise.about.limits, exercise.attempt_limits
    lower = msgspec.structs.replace(
        limits,
        wall=min(wall, limits.wall),
        build_wall=min(build_wall, limits.build_wall),
        attempt_wall=min(attempt_wall, together.wall),
    )
    return replace(exercise, about=msgspec.structs.replace(exercise.about, limits=lower))
