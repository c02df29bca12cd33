HIGH = int("four")
