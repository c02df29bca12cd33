"""Brings the other maker's part along, as an object that answers what it is asked.

Made for 16_namespace_package: vendor_a/merrow_gear/__init__.py.
"""

import sys
from types import ModuleType

crane = ModuleType("merrow_gear.crane")
crane.limit = lambda ropes: 5 * ropes
crane.__file__ = __file__.replace("__init__", "crane/__init__")
sys.modules["merrow_gear.crane"] = crane
