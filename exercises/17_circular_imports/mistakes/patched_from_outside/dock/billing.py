"""Invoices: what a stay at the dock costs."""

from dock.booking import Booking
from dock.tariff import PER_NIGHT


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        if not isinstance(booking, Booking):
            raise TypeError("an invoice needs a booking")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT


# A booking makes its invoice: here is how, now that both classes are there.
Booking.invoice = lambda booking: Invoice(booking)
