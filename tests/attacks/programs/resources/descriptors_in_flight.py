"""Sends sockets full of data through sockets and closes them, so that they are no process's own any more."""

import array
import os
import socket
import time

RIGHTS = (socket.SOL_SOCKET, socket.SCM_RIGHTS)


def send_away():
    kept = []
    while True:
        carrier, end = socket.socketpair()
        kept.append((carrier, end))
        carrier.setblocking(False)
        try:
            while True:
                pairs = [socket.socketpair() for _ in range(20)]
                for ours, _ in pairs:
                    ours.setblocking(False)
                    try:
                        while True:
                            ours.send(bytes(1 << 16))
                    except BlockingIOError:
                        pass
                ends = array.array("i", [each.fileno() for pair in pairs for each in pair])
                carrier.sendmsg([b"x"], [(*RIGHTS, ends)])
                for pair in pairs:
                    for each in pair:
                        each.close()
        except OSError:
            pass


for _ in range(40):
    if os.fork() == 0:
        while True:
            try:
                send_away()
            except OSError:
                pass
time.sleep(1e6)
