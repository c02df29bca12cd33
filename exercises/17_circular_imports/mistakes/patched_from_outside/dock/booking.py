"""Bookings: which ship lies at the dock, and for how long. How they make invoices is said in billing.py."""


class Booking:
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        self.ship = ship
        self.nights = nights
