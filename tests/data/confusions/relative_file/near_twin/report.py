print(open("data/winds.txt").read())
