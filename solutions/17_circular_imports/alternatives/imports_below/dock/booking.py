"""Bookings: which ship lies at the dock, and for how long."""


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        return Invoice(self)


# Below the class, so that it is there whoever comes first; in billing.py it is the same.
from dock.billing import Invoice  # noqa: E402
