"""Samples that stay the same from run to run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def sampled(everything: Sequence[T], most: int | None, name_of: Callable[[T], str]) -> list[T]:
    """Some of them, the same ones each time, and among more of them still these.

    Args:
        everything: what there is.
        most: how many; None: all, in their order.
        name_of: a name that no other has.
    """
    if most is None:
        return list(everything)
    return sorted(everything, key=lambda each: hashlib.sha256(name_of(each).encode()).digest())[:most]
