print(open("data/tides.txt").read())
