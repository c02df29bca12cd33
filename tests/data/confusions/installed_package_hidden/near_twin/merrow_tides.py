depth = 4
