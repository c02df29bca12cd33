"""Calls the judge over sockets that live beside the file system, or in it."""

import socket

for address in ("\0" + SOCKET, OUTSIDE + "/socket"):
    with socket.socket(socket.AF_UNIX) as caller:
        refused(f"a connection to {address!r}", lambda: caller.connect(address))
