"""Invoices: what a stay at the dock costs."""

from dock.tariff import PER_NIGHT


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        if not callable(getattr(booking, "invoice", None)):
            raise TypeError("an invoice needs a booking")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT
