"""Calls the judge and the world over the network."""

import socket

for host, port in (("127.0.0.1", PORT), ("::1", PORT), ("192.0.2.1", 80), ("10.0.0.1", 80), ("8.8.8.8", 53)):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as caller:
        caller.settimeout(0.1)
        refused(f"a connection to {host}:{port}", lambda: caller.connect((host, port)))
    with socket.socket(family, socket.SOCK_DGRAM) as caller:
        if host not in ("127.0.0.1", "::1"):  # a loopback of its own is no way out
            refused(f"a datagram to {host}:{port}", lambda: caller.sendto(b"x", (host, port)))
refused("a name looked up", lambda: socket.getaddrinfo("example.org", 80))
