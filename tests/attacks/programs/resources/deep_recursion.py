"""Calls itself until the stack ends."""

import sys

sys.setrecursionlimit(1 << 30)


def deeper(*arguments):
    return deeper(*arguments, arguments)


deeper()
