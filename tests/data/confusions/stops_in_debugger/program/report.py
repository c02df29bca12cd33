def count():
    breakpoint()
    return 3


count()
