def _spoken():
    return 1
