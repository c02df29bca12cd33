"""Takes all contexts of asynchronous input and output that the whole machine has."""

import ctypes

for _ in range(64):
    system_call("io_setup", 206, 1024, ctypes.byref(ctypes.c_ulong()))
