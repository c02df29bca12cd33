"""Builds for ever."""

while True:
    pass
