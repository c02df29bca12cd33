"""Invoices: what a stay at the dock costs."""

from importlib import import_module

from dock.tariff import PER_NIGHT

bookings = import_module("dock.booking")


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        if not isinstance(booking, bookings.Booking):
            raise TypeError(f"an invoice needs a booking, not {booking!r}")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT
