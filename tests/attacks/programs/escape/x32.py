"""Asks for system calls by the numbers of x32."""

system_call("getpid of x32", 0x40000000 | 39)
