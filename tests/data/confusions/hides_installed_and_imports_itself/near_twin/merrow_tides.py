from merrow_tides import level

print(level())
