def spoken():
    return 1
