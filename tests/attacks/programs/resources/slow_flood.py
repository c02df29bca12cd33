"""Prints one line after the other until it is stopped."""

while True:
    print("still here", flush=True)
