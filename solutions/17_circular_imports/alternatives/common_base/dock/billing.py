"""Invoices: what a stay at the dock costs. Knows stays in general, and so doesn't depend on bookings."""

from dock.stays import Stay
from dock.tariff import PER_NIGHT


class Invoice:
    """The invoice for a stay; TypeError for anything else."""

    def __init__(self, booking):
        if not isinstance(booking, Stay):
            raise TypeError(f"an invoice needs a booking, not {booking!r}")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT
