import booking

print(booking.billing.price())
