def flashes(number):
    return "." * number
