from dock import FEE


def book():
    return FEE
