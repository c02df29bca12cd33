"""Bookings: which ship lies at the dock, and for how long."""

import sys


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        sys.modules.pop("dock.billing", None)  # it may be half done: load it properly
        from dock.billing import Invoice

        return Invoice(self)
