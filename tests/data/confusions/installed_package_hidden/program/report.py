from merrow_tides import height

print(height())
