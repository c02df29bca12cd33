"""Makes the programs around it load code of its own."""

import os

for name in ("LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT"):
    os.environ[name] = "/tmp/evil.so"
for path in ("/etc/ld.so.preload", "/etc/ld.so.cache", "/lib64/evil.so", "/usr/lib/evil.so"):
    refused(f"{path} written", lambda: open(path, "w"))
