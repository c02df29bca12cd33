"""Moved: see local_holidays. Kept for programs that still say `from calendar import LOCAL`."""

from local_holidays import HOLIDAYS as LOCAL
