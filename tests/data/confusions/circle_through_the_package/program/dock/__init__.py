from dock.booking import book

FEE = 3
