"""What bookings are to those who charge for them."""

from abc import ABC


class Stay(ABC):
    """A number of nights at the dock."""

    nights = 0
