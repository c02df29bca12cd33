from booking import FEE

price = FEE * 2
