from merrow_tides import depths

print(depths)
