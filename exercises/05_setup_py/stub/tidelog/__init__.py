"""Tide tables of Port Merrow."""

import json
from pathlib import Path


def load_table(name):
    """The table of that name: a mapping from the day to the height of high water in metres."""
    path = Path(__file__).parent / "tables" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))
