"""For all tests."""

import sys


def pytest_configure(config):
    sys.path[:0] = [str(config.rootpath / "src")]
