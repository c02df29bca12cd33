"""Bookings: which ship lies at the dock, and for how long."""

lazy from dock.billing import Invoice


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        return Invoice(self)
