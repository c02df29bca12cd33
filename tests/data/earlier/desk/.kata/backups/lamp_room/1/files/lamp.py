def flashes(number):
    return "." * number


print(flashes(3))
