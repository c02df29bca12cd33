"""Berths at the quays."""

from dataclasses import dataclass

from pilotbook.ships import Ship


@dataclass
class Berth:
    """A berth, with its depth in metres."""

    name: str
    depth: float

    def takes(self, ship: Ship) -> bool:
        """Whether there is enough water for a ship."""
        return ship.draught < self.depth
