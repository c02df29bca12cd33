"""Ships."""

from __future__ import annotations

import dataclasses
import typing

import pilotbook.berths as berths


@dataclasses.dataclass
class Ship:
    name: str
    draught: float
    crew: int = 0

    def moor(self, berth: berths.Berth) -> str:
        verb = f"lies at {berth.name}" if berth.takes(self) else "waits outside"
        return f"{self.name} {verb}"

    def position(self, chart: typing.Any) -> typing.Any:
        return chart.point_of(self.name)
