"""Ships that come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from merrow_gis import Chart as SeaChart
    from merrow_gis import Point as Place


@dataclass
class Ship:
    name: str
    draught: float
    crew: int = 0

    def moor(self, berth: Berth) -> str:
        return f"{self.name} lies at {berth.name}" if berth.takes(self) else f"{self.name} waits outside"

    def position(self, chart: SeaChart) -> Place:
        return chart.point_of(self.name)


from pilotbook.berths import Berth
