"""The book of signals."""

import json
import os


def signals():
    """The flashes for each signal, from the file beside this module."""
    with open(os.path.join(os.path.dirname(__file__), "signals.json"), encoding="utf-8") as book:
        return json.load(book)
