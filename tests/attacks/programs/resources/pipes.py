"""Fills all pipes and sockets that it can open."""

import os
import socket

ends = []
try:
    while True:
        _, end = os.pipe()
        os.set_blocking(end, False)
        ends.append(end)
except OSError:
    pass
for end in ends:
    try:
        while True:
            os.write(end, bytes(1 << 16))
    except OSError:
        pass
if len(ends) > 1024:
    breach("more than 1024 descriptors")
while True:
    pass
