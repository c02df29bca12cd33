from billing import price

FEE = 3
