"""Berths at the quays."""

from __future__ import annotations

from dataclasses import dataclass

from pilotbook import ships


@dataclass
class Berth:
    """A berth, with its depth in metres."""

    name: str
    depth: float

    def takes(self, ship: ships.Ship) -> bool:
        """Whether there is enough water for a ship."""
        return ship.draught < self.depth
