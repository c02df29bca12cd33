"""Berths at the quays."""

from dataclasses import dataclass

import pilotbook.ships


@dataclass
class Berth:
    name: str
    depth: float

    def takes(self, ship: "pilotbook.ships.Ship") -> bool:
        return ship.draught < self.depth
