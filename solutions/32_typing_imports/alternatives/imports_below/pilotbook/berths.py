"""Berths at the quays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Berth:
    name: str
    depth: float

    def takes(self, ship: Ship) -> bool:
        return ship.draught < self.depth


from pilotbook.ships import Ship
