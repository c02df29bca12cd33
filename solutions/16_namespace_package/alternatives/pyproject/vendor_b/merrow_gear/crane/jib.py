"""What holds the ropes."""

from merrow_gear.winch import DEFAULT_LOAD


class Crane:
    """A crane, with what one of its ropes takes in tonnes."""

    load = DEFAULT_LOAD

    def limit(self, ropes):
        """What it may lift with that many ropes, in tonnes."""
        return ropes * self.load
