import booking

print(booking.PRICE_OF_ALL)
