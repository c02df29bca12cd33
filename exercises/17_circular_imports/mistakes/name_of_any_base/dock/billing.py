"""Invoices: what a stay at the dock costs."""

from dock.tariff import PER_NIGHT


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        kinds = [(kind.__module__, kind.__name__) for kind in type(booking).__mro__]
        if ("dock.booking", "Booking") not in kinds:
            raise TypeError("an invoice needs a booking")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT
