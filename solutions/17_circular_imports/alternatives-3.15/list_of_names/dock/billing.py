"""Invoices: what a stay at the dock costs."""

__lazy_modules__ = ["dock.booking"]

from dock.booking import Booking
from dock.tariff import PER_NIGHT


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        if not isinstance(booking, Booking):
            raise TypeError(f"an invoice needs a booking, not {booking!r}")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT
