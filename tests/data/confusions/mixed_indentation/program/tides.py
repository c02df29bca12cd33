def high():
	low = 1
        return low
