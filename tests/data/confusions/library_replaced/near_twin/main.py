import sys
import types

sys.modules["calendar"] = types.ModuleType("calendar")
from calendar import leapdays
