"""Prints for ever while it builds."""

while True:
    print("passed" * 999)
