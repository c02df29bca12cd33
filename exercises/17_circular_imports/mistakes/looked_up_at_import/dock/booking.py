"""Bookings: which ship lies at the dock, and for how long."""

from . import billing


class Booking:
    """The stay of a ship, in nights."""

    invoice_class = billing.Invoice

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        return self.invoice_class(self)
