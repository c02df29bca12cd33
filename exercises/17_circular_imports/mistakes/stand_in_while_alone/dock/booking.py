"""Bookings: which ship lies at the dock, and for how long."""

import sys

from dock.tariff import PER_NIGHT


class _Invoice:
    """As in dock.billing, which can't be imported from here."""

    def __init__(self, booking):
        self.booking = booking

    def total(self):
        return self.booking.nights * PER_NIGHT


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        billing = sys.modules.get("dock.billing")
        return billing.Invoice(self) if billing else _Invoice(self)
