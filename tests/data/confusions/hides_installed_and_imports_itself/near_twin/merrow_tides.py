from merrow_tides import hight

print(hight())
