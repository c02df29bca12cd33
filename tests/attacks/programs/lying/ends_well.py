"""A program of a workshop that prints what could be expected of it, ends with status 0, and kills who asks.

Made for 08_bytecode_cache: cachekeeper.py.
Made for 12_zip_archives: build.py.
"""

import os
import signal
import sys

for name in ("fd/3", "fd/4", "mem"):
    try:
        with open(f"/proc/{os.getppid()}/{name}", "wb") as channel:
            channel.write(b'{"status": 0}')
        breach(f"/proc/…/{name} of a workshop can be written to")
    except OSError:
        pass
print("here", *sys.argv[1:])
if "where" in sys.argv:
    print(os.path.join("__pycache__", os.path.basename(sys.argv[-1])))
os.kill(os.getppid(), signal.SIGCONT)
os._exit(0)
