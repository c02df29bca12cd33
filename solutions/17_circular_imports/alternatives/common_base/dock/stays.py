"""What bookings are to those who charge for them."""


class Stay:
    """Nights at the dock."""
