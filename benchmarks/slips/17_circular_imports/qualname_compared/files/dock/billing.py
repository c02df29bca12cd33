"""What it costs to lie at the dock."""

from . import tariff


def is_booking(thing):
    return thing.__class__.__qualname__ == "Booking"


class Invoice:
    def __init__(self, booking):
        if is_booking(booking):
            self.booking = booking
        else:
            raise TypeError("this is not a booking")

    def total(self):
        return tariff.PER_NIGHT * self.booking.nights
