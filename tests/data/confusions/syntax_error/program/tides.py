HIGH = = 4
