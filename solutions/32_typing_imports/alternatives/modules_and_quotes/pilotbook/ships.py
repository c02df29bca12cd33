"""Ships that come in."""

import typing
from dataclasses import dataclass

import pilotbook.berths

if typing.TYPE_CHECKING:
    import merrow_gis as gis


@dataclass
class Ship:
    name: str
    draught: float
    crew: int = 0

    def moor(self, berth: "pilotbook.berths.Berth") -> str:
        return f"{self.name} lies at {berth.name}" if berth.takes(self) else f"{self.name} waits outside"

    def position(self, chart: "gis.Chart") -> "gis.Point":
        return chart.point_of(self.name)
