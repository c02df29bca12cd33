"""Ships."""

from __future__ import annotations

import dataclasses
from importlib.util import find_spec

import pilotbook.berths as berths

if find_spec("merrow_gis"):
    from merrow_gis import Chart, Point


@dataclasses.dataclass
class Ship:
    name: str
    draught: float
    crew: int = 0

    def moor(self, berth: berths.Berth) -> str:
        verb = f"lies at {berth.name}" if berth.takes(self) else "waits outside"
        return f"{self.name} {verb}"

    def position(self, chart: Chart) -> Point:
        return chart.point_of(self.name)
