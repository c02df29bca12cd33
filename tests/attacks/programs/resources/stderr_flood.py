"""Complains for ever, in bytes that are no text."""

import os

while True:
    os.write(2, bytes(range(256)) * 99)
