"""Who lies at the dock."""

from dataclasses import dataclass

from .tariff import PER_NIGHT


class Booking:
    def __init__(self, ship, nights):
        self.ship, self.nights = ship, nights

    def invoice(self):
        return Bill(self)


@dataclass(frozen=True)
class Bill:
    """Works like an Invoice, without the import that goes round."""

    booking: Booking

    def total(self):
        return PER_NIGHT * self.booking.nights
