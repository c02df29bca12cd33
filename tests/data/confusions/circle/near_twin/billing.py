import booking


def price():
    return booking.FEE * 2
