FEE = 3
