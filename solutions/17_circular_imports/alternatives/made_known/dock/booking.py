"""Bookings: which ship lies at the dock, and for how long."""

from types import SimpleNamespace

from dock.billing import Invoice, make_known


@make_known
class Booking(SimpleNamespace):
    """The stay of a ship, in nights."""

    def __init__(self, ship, nights):
        super().__init__(ship=ship, nights=nights)

    def invoice(self):
        """The invoice for this stay."""
        return Invoice(self)
