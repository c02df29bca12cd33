"""Ships that come in."""

from __future__ import annotations

from dataclasses import dataclass

from pilotbook import berths


@dataclass
class Ship:
    """A ship, with its draught in metres."""

    name: str
    draught: float
    crew: int = 0

    def moor(self, berth: berths.Berth) -> str:
        """Say where the ship goes."""
        if berth.takes(self):
            return f"{self.name} lies at {berth.name}"
        return f"{self.name} waits outside"

    def position(self, chart):
        """Where a chart shows the ship."""
        return chart.point_of(self.name)
