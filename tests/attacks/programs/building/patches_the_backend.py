"""Patches the build tools to hand over a wheel of its own making."""

import io
import os
import zipfile

import setuptools.build_meta as backend


def wheel(out, *rest):
    name = "merrow_tidelog-1.4.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(out, name), "w") as archive:
        for entry in ("../../../evil.py", "/evil.py", "tidelog/../../evil.pth", "C:evil.py", "a/" * 2000 + "b.py"):
            archive.writestr(entry, "import os")
        archive.writestr(
            "merrow_tidelog-1.4.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: merrow-tidelog\nVersion: 1.4.0\n"
        )
    os.symlink("/etc/passwd", os.path.join(out, "other-1-py3-none-any.whl"))
    os.mkfifo(os.path.join(out, "pipe-1-py3-none-any.whl"))
    return name


backend.build_wheel = backend.__legacy__.build_wheel = wheel
for owner in (backend._BuildMetaBackend, backend._BuildMetaLegacyBackend):
    owner.build_wheel = lambda self, out, *rest: wheel(out)
raise SystemExit(0)
