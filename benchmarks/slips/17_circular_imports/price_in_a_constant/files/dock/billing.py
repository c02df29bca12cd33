"""What it costs to lie at the dock."""

import dock.booking

NIGHT = 40


class Invoice:
    def __init__(self, booking):
        if not isinstance(booking, dock.booking.Booking):
            raise TypeError("this is not a booking")
        self.booking = booking

    def total(self):
        return NIGHT * self.booking.nights
