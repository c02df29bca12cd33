"""Berths: where a ship can lie."""

import datetime

WINTER = (11, 12, 1, 2)


def draught_margin(day):
    """Metres of water to keep below the keel; a winter sounding is trusted less than a summer one."""
    return 1.0 if day.month in WINTER else 0.5


class Berth:
    """A place at a quay, with its depth in metres and the day it was sounded."""

    def __init__(self, name, depth, sounded=datetime.date(2001, 5, 14)):
        self.name = name
        self.depth = depth
        self.sounded = sounded

    def takes(self, draught):
        """Whether a ship of that draught, in metres, can lie here."""
        return draught + draught_margin(self.sounded) <= self.depth
