import tides

tides.high()
