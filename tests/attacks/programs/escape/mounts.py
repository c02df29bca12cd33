"""Mounts, unmounts, and moves the root."""

system_call("mount", 165, b"none", b"/tmp", b"tmpfs", 0, None)
system_call("mount, bind", 165, b"/", b"/tmp", None, 4096, None)
system_call("mount, remount", 165, None, b"/", None, 32, None)
system_call("umount2", 166, b"/proc/1", 2)
system_call("pivot_root", 155, b"/tmp", b"/tmp")
system_call("chroot", 161, b"/tmp")
system_call("open_tree", 428, -100, b"/", 1)
system_call("fsopen", 430, b"tmpfs", 0)
system_call("move_mount", 429, -100, b"/", -100, b"/tmp", 0)
system_call("mount_setattr", 442, -100, b"/", 0, b"\0" * 32, 32)
