import billing

FEE = 3
