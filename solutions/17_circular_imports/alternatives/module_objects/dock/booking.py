"""Bookings: which ship lies at the dock, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from . import billing  # the module alone, which may be half done; what it holds is looked up later


@dataclass
class Booking:
    """The stay of a ship, in nights."""

    ship: str
    nights: int

    def invoice(self) -> billing.Invoice:
        """The invoice for this stay."""
        return billing.Invoice(self)
