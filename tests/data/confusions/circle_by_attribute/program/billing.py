import booking

price = booking.FEE * 2
