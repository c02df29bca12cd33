"""Invoices: what a stay at the dock costs. Imports no bookings: they make themselves known."""

from dock import tariff

known = ()


class NoBookingError(TypeError):
    """Somebody wants an invoice for something else."""


def make_known(kind):
    """A class decorator for what invoices are made for."""
    global known
    known = kind
    return kind


class Invoice:
    """The invoice for a booking."""

    def __init__(self, booking):
        if isinstance(booking, known):
            self.booking = booking
        else:
            raise NoBookingError(booking)

    def total(self):
        """What the ship has to pay."""
        return sum([tariff.PER_NIGHT] * self.booking.nights)
