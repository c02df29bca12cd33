"""Ships."""

import dataclasses
import typing

if typing.TYPE_CHECKING:
    import merrow_gis as gis

    from .berths import Berth


@dataclasses.dataclass
class Ship:
    name: str
    draught: float
    crew: int = 0

    def moor(self, berth: "Berth") -> str:
        verb = f"lies at {berth.name}" if berth.takes(self) else "waits outside"
        return f"{self.name} {verb}"

    def position(self, chart: "gis.Chart") -> "gis.Point":
        return chart.point_of(self.name)
