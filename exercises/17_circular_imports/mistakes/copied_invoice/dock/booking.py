"""Bookings: which ship lies at the dock, and for how long."""

from dock.tariff import PER_NIGHT


class Invoice:
    """The invoice for a booking, the same as in billing.py."""

    def __init__(self, booking):
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        return Invoice(self)
