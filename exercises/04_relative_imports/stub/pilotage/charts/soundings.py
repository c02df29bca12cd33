"""Depths at the marks, at low water, as sounded this spring."""

DEPTHS = {
    "sea buoy": 21.5,
    "roads": 9.75,
    "bar": 2.5,
    "north quay": 7.25,
    "fish quay": 3.0,
}
