"""Uses descriptors that were left open."""

import os
import stat

for name in os.listdir("/proc/self/fd"):
    number = int(name)
    try:
        about = os.fstat(number)
    except OSError:
        continue
    if stat.S_ISDIR(about.st_mode) and not os.readlink(f"/proc/self/fd/{number}").startswith("/proc/"):
        breach(f"an open folder: {os.readlink(f'/proc/self/fd/{number}')}")
    if number > 2 and (stat.S_ISSOCK(about.st_mode) or stat.S_ISBLK(about.st_mode)):
        breach(f"descriptor {number}")
    for path in ("..", "../..", "../../../../.."):
        refused(f"a way up from descriptor {number}", lambda: os.stat(path, dir_fd=number)) if number > 2 else None
