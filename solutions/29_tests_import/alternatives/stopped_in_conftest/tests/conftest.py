"""What all tests of the buoys share."""

from importlib.metadata import PackageNotFoundError, version

import pytest

try:
    version("merrow-buoys")
except PackageNotFoundError:
    pytest.exit("Install merrow-buoys first: python -m pip install .", returncode=4)
