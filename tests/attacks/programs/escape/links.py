"""Follows and makes links to get out."""

import os

for number, target in enumerate((OUTSIDE, SECRET, REPOSITORY, "/proc/1/root", JUDGES_HOME + "/.bashrc", "/home")):
    link = f"/tmp/link-{number}"
    os.symlink(target, link)
    refused(f"a file in {target} by a link", lambda: open(os.path.join(link, "planted.txt"), "w"))
    refused(
        f"{target} read by a link", lambda: open(link).read() if not os.path.isdir(link) else open(link + "/x").read()
    )
for source in (OUTSIDE + "/canary.txt", SECRET, "/etc/passwd", "/usr/bin/env"):
    refused(f"a hard link to {source}", lambda: os.link(source, "/tmp/hard"))
for name in os.listdir("/proc/self/task"):
    refused("another root", lambda: open(f"/proc/self/task/{name}/root{SECRET}").read())
