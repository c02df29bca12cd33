"""Ask here first."""

import importlib

__all__ = ["allocate", "Berth", "next_tide"]

for _room in ("tides", "berths", "allocate"):
    importlib.import_module(f"{__name__}.{_room}")
