deep = 7
