"""Whether a file lies on another machine, as far as this one can tell."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

_REMOTE = {
    *("9p", "afs", "beegfs", "ceph", "cifs", "drvfs", "glusterfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"),
    *("ocfs2", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"),
}
_MOUNTS = Path("/proc/self/mountinfo")
"""On Linux; see proc(5)."""


def is_remote(path: Path) -> bool:
    """Whether a file is kept by another machine; False where nothing is known of that."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    kind = kind_of(path.resolve(), mounts)
    # Programs provide file systems, too, most of them from elsewhere: sshfs, rclone, glusterfs.
    return kind in _REMOTE or kind.startswith("fuse.")


def kind_of(path: Path, mounts: str) -> str:
    """The kind of file system that a path lies on, like `ext4`; empty if that isn't said.

    Args:
        path: absolute and without links.
        mounts: what the kernel says about mounts, as in `/proc/self/mountinfo`.
    """
    found, depth = "", -1
    for line in mounts.splitlines():
        about, _, system = line.partition(" - ")
        words = about.split(" ")
        if len(words) < 5 or not system:  # noqa: PLR2004 - the fifth is the place
            continue
        place = PurePosixPath(_unescape(words[4]))
        # Of several at one place the last one hides the others.
        if len(place.parts) >= depth and path.is_relative_to(place):
            found, depth = system.split(" ")[0], len(place.parts)
    return found


def _unescape(word: str) -> str:
    for octal, character in (("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")):
        word = word.replace(f"\\{octal}", character)
    return word
