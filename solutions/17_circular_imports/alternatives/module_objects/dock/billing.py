"""Invoices: what a stay at the dock costs."""

from __future__ import annotations

import dock.booking as bookings

from . import tariff


class Invoice:
    """The invoice for a booking; TypeError for anything else."""

    def __init__(self, booking: bookings.Booking) -> None:
        if not isinstance(booking, bookings.Booking):
            raise TypeError(f"an invoice needs a booking, not {booking!r}")
        self.booking = booking

    def total(self) -> int:
        """What the ship has to pay."""
        return self.booking.nights * tariff.PER_NIGHT
