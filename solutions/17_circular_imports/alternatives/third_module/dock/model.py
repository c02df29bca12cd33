"""Stays at the dock and what they cost: two classes that need each other, and so live together."""

from .tariff import PER_NIGHT


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights

    def invoice(self):
        """The invoice for this stay."""
        return Invoice(self)


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking):
        if not isinstance(booking, Booking):
            raise TypeError(f"an invoice needs a booking, not {booking!r}")
        self.booking = booking

    def total(self):
        """What the ship has to pay."""
        return self.booking.nights * PER_NIGHT
