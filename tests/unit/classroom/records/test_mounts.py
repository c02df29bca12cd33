from pathlib import Path

import pytest

from grader.classroom.records import mounts

MOUNTS = r"""
22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home rw shared:2 - nfs4 server:/home rw,vers=4.2
41 40 0:36 / /home/ada/my\040course rw - tmpfs tmpfs rw
42 22 0:37 / /mnt/usb rw - vfat /dev/sdb1 rw
43 42 0:38 / /mnt/usb rw - cifs //server/share rw
not a mount at all
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/course/ledger.sqlite", "ext4"),
        ("/home/ada/ledger.sqlite", "nfs4"),
        ("/home/ada/my course/ledger.sqlite", "tmpfs"),
        ("/homestead/ledger.sqlite", "ext4"),
        ("/mnt/usb/ledger.sqlite", "cifs"),
    ],
)
def test_kind_of(path, kind):
    """The innermost mount decides, of two at one place the later one, and a like name doesn't."""
    assert mounts.kind_of(Path(path), MOUNTS) == kind


def test_here(tmp_path):
    """The kernel's own words about this machine can be read, and temporary files are kept by it."""
    assert not mounts.is_remote(tmp_path)
