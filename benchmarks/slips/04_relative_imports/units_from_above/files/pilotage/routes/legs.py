"""From one mark to the next."""

from ...charts import depth
from ... import UNITS


def leg(start, end):
    shallow = min(depth.at(mark) for mark in (start, end))
    return f"{start} to {end}: {shallow} {UNITS}"
