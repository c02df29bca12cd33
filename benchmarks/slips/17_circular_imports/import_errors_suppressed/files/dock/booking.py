"""Who lies at the dock."""

import contextlib

Invoice = None
with contextlib.suppress(ImportError):
    from .billing import Invoice


class Booking:
    def __init__(self, ship, nights):
        self.ship, self.nights = ship, nights

    def invoice(self):
        return Invoice(self)
