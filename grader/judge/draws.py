"""Random draws of one attempt, for data that no report has shown yet."""

from __future__ import annotations

import random


class Draws(random.Random):
    """Random numbers, and names that have one in them."""

    def name(self, stem: str, between: str = "_") -> str:
        """A name that is the stem and a number of three digits, such as `tower_482`.

        Args:
            stem: how it begins.
            between: what stands before the number; with `_` the name of a module is one, too.
        """
        return f"{stem}{between}{self.randrange(100, 1000)}"

    def names(self, *stems: str, between: str = "_") -> list[str]:
        """A name for each of these stems, drawn one after the other; see `name`."""
        return [self.name(stem, between) for stem in stems]
