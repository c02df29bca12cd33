"""Traces other processes, and itself."""

for request in (0, 16, 0x4206):
    system_call(f"ptrace {request}", 101, request, 1, 0, 0)
system_call("kcmp", 312, 1, 1, 0, 0, 0)
system_call("pidfd_getfd", 438, 3, 0, 0)
