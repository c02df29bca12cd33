"""Takes all watches for changed files that its user may have."""

import ctypes

for _ in range(3):
    system_call("inotify_init", 253)
    system_call("inotify_init1", 294, 0)
