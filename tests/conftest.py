"""`--every N`: a share of the tests that sweep over a catalogue, for where time is short."""

import re
from itertools import groupby

import pytest


def pytest_addoption(parser):
    """Add `--every`."""
    parser.addoption(
        "--every",
        metavar="N[:K]",
        default="1",
        help="Of each test marked `sweep` run every Nth case only, from the Kth one on.",
    )


def pytest_configure(config):
    """Name the mark."""
    config.addinivalue_line("markers", "sweep: costly cases, alike in kind, that --every takes a share of.")


def pytest_collection_modifyitems(config, items):
    """Leave the other cases out, and count them."""
    asked = re.fullmatch(r"([1-9]\d*)(?::(\d+))?", config.getoption("--every"))
    if asked is None:
        raise pytest.UsageError("--every: give N or N:K, like 4 or 4:1.")
    step, first = int(asked[1]), int(asked[2] or 0)
    left_out = set()
    for _, cases in groupby(items, key=lambda item: (item.path, getattr(item, "originalname", item.name))):
        swept = [item for item in cases if item.get_closest_marker("sweep")]
        if len(swept) > 1:
            left_out.update(item for number, item in enumerate(swept) if (number - first) % step)
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=list(left_out))
