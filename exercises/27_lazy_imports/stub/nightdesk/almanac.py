"""The almanac: how high the water comes. It is a thick book, and loading it takes a while."""

from nightdesk.desk import HARBOUR

HEIGHTS = {"1": 4.1, "2": 4.4, "3": 4.6}


class Tide:
    """The high water of a day."""

    def __init__(self, day, height):
        self.harbour = HARBOUR
        self.day = day
        self.height = height

    def __str__(self):
        return f"{self.harbour}, day {self.day}: {self.height:.1f} m"


def high_water(day):
    """The high water of a day of this month, which is given as text."""
    from nightdesk.settings import DATUM

    return Tide(day, HEIGHTS[day] - DATUM)
