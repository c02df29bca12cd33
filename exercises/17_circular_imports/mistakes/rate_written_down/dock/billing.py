"""Invoices: what a stay at the dock costs."""

from dock.booking import Booking


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        if not isinstance(booking, Booking):
            raise TypeError("an invoice needs a booking")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * 40
