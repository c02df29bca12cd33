"""Takes memory that belongs to no process: memfd_create."""

import os

if hasattr(os, "memfd_create"):
    refused("memfd_create", lambda: os.memfd_create("hoard"))
system_call("memfd_create", 319, b"hoard", 0)
system_call("memfd_secret", 447, 0)
