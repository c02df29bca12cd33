"""What it costs to lie at the dock."""

from . import tariff

NEEDED = {"ship", "nights", "invoice"}


class Invoice:
    def __init__(self, booking):
        if not NEEDED <= set(dir(booking)):
            raise TypeError("this is not a booking")
        self.booking = booking

    def total(self):
        return tariff.PER_NIGHT * self.booking.nights
