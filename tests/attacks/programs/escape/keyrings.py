"""Uses the kernel's keyrings, which know no namespaces."""

system_call("add_key", 248, b"user", b"kata", b"secret", 6, -3)
system_call("request_key", 249, b"user", b"kata", None, 0)
system_call("keyctl", 250, 0, -3, 1)
