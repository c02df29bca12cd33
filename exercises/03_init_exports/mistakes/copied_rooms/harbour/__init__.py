"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

import datetime

HIGH_WATER = ["04:10", "16:35"]
WINTER = (11, 12, 1, 2)


def draught_margin(day):
    return 1.0 if day.month in WINTER else 0.5


class Berth:
    def __init__(self, name, depth, sounded=datetime.date(2001, 5, 14)):
        self.name = name
        self.depth = depth
        self.sounded = sounded

    def takes(self, draught):
        return draught + draught_margin(self.sounded) <= self.depth


def allocate(draught, berths):
    for berth in berths:
        if berth.takes(draught):
            return berth
    return None


def next_tide(now):
    for time in HIGH_WATER:
        if time > now:
            return time
    return HIGH_WATER[0]


__all__ = ["Berth", "allocate", "next_tide"]
