"""Makes sockets that lead to the kernel or the host."""

import socket

for name in ("AF_VSOCK", "AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_BLUETOOTH", "AF_CAN", "AF_TIPC", "AF_KEY", "AF_XDP"):
    family = getattr(socket, name, None)
    if family is not None:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            refused(f"a socket of {name}", lambda: socket.socket(family, kind))
refused("a raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
for protocol in (132, 136, 262):
    refused(f"a socket of protocol {protocol}", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol))
    refused(f"a socket of protocol {protocol}", lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM, protocol))
