"""The horn of Port Merrow, which plays the sounds of many suppliers."""

from importlib.metadata import entry_points

SOUNDS = {entry.name: entry.load() for entry in entry_points(group="merrow_horn.sounds")}
