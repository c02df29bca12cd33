"""Makes one file as large as it can, and a sparse one."""

import os
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("/tmp/large", "wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(1 << 20))
except OSError:
    pass
refused("a sparse file of 1 TiB", lambda: os.truncate("/tmp/large", 1 << 40))
if os.stat("/tmp/large").st_size > 64 << 20:
    breach("a file of more than 64 MiB")
