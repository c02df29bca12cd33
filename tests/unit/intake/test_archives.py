import bz2
import contextlib
import errno
import gzip
import io
import itertools
import lzma
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import unicodedata
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import intake
from grader.errors import InfrastructureError, IntakeError
from grader.intake import archives, copies, entries, streams, tars
from grader.intake.locating import Location

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")

PACKINGS = {".tar": bytes, ".tar.gz": gzip.compress, ".tgz": gzip.compress, ".tar.bz2": bz2.compress,
            ".tar.xz": lzma.compress}  # fmt: skip
SUFFIXES = (".zip", *PACKINGS)
PROJECT = {"report.py": b"import soundings\n", "lib/soundings.py": b"DEPTHS = {}\n"}
PROJECT_IN_X = {f"x/{name}": content for name, content in PROJECT.items()}


@pytest.fixture
def target(folder):
    """Where nothing is yet."""
    return folder / "target"


@pytest.fixture
def pack(folder):
    """Write an archive of these entries; see `packed`."""

    def write(suffix, *many, **options):
        path = folder / f"submission{suffix}"
        path.write_bytes(packed(suffix, *many, **options))
        return path

    return write


def packed(suffix, *many, pax=True):
    """Pack pairs of a name (or a ready header) and a content, a mapping of them, or what was packed by hand."""
    pairs = [pair for each in many for pair in (each.items() if isinstance(each, dict) else [each])]
    return zipped(pairs) if suffix == ".zip" else PACKINGS[suffix](tarred(pairs, pax=pax))


def zipped(pairs):
    """A zip of these; a name with a slash at its end is a folder."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(pairs, *, pax=True):
    """A tar of these; a name with a slash at its end is a folder."""
    buffer = io.BytesIO()
    form = tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in pairs:
            header = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if header.name.endswith("/"):
                header.type = tarfile.DIRTYPE
            if header.isreg() and not header.size:
                header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return buffer.getvalue()


def tar_header(name, kind=tarfile.REGTYPE, **fields):
    """A header of a tar that says so."""
    header = tarfile.TarInfo(name)
    header.type = kind
    for field, value in fields.items():
        setattr(header, field, value)
    return header


def zip_header(name, mode=stat.S_IFREG | 0o644, **fields):
    """A header of a zip that says so."""
    header = zipfile.ZipInfo(name)
    header.external_attr = mode << 16
    for field, value in fields.items():
        setattr(header, field, value)
    return header


def end_of_tar():
    """What a tar ends with."""
    return bytes(1024)


def files_of(folder):
    """Names and contents of all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def harmless(message):
    """Whether a message can't act on what shows it, nor be more than one line."""
    return not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in message)


def refusal(source, target):
    """What is said of an archive that can't be taken in: one line, for the eye; nothing is written elsewhere."""
    beside, content = sorted(target.parent.rglob("*")), source.read_bytes() if source.is_file() else b""
    with pytest.raises(IntakeError) as caught:
        intake.take_in(source, target)
    message = str(caught.value)
    assert harmless(message)
    assert message.endswith((".", "?"))
    assert len(message) < 6000
    assert [path for path in sorted(target.parent.rglob("*")) if target not in (path, *path.parents)] == beside
    assert not source.is_file() or source.read_bytes() == content
    return message


class TestHonest:
    """What any common tool packs is taken in as the folder would be."""

    @pytest.mark.parametrize("suffix", [*SUFFIXES, ".ZIP", ".Tar.GZ"])
    def test_every_format(self, pack, folder, target, suffix):
        """Every plain file arrives under its name, whatever the archive's format, told by its name in either case."""
        path = folder / f"x{suffix}"
        pack(suffix.lower(), PROJECT).rename(path)
        intake.take_in(path, target)
        assert files_of(target) == PROJECT

    @pytest.mark.parametrize(
        ("suffix", "command"),
        [
            (".zip", ["zip", "-rq", "{archive}", "."]),
            (".zip", ["zip", "-rq0", "{archive}", "submission"]),
            (".tar", ["tar", "cf", "{archive}", "."]),
            (".tgz", ["tar", "czf", "{archive}", "submission"]),
            (".tar.xz", ["tar", "cJf", "{archive}", "--format=posix", "submission"]),
            (".tar.bz2", ["tar", "cjf", "{archive}", "--format=v7", "./submission"]),
            (".tar", ["tar", "cf", "{archive}", "--format=oldgnu", "submission"]),
        ],
    )
    @posix
    def test_tools(self, folder, target, suffix, command):
        """What the usual tools pack is taken in, with names beyond ASCII, long ones, empty folders and scripts."""
        long = "d" * 60 if "--format=v7" in command else "d" * 120
        root = folder / "here" / "submission"
        (root / "empty").mkdir(parents=True)
        for name in ("häfen.py", "日本.txt", f"{long}/x.py", "run.sh"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(name, encoding="utf-8")
        (root / "run.sh").chmod(0o700)
        archive = folder / f"x{suffix}"
        if not shutil.which(command[0]):
            pytest.skip(f"there is no {command[0]}")
        arguments = [word.format(archive=archive) for word in command]
        made = subprocess.run(arguments, cwd=root.parent, capture_output=True, check=False)
        if made.returncode:
            pytest.skip(f"{command[0]}: {made.stderr.decode(errors='replace')}")
        intake.take_in(archive, target, located(["submission"]))
        assert files_of(target) == files_of(root)
        assert (target / "empty").is_dir()
        assert target.joinpath("run.sh").stat().st_mode & stat.S_IXOTH

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_source_is_unchanged(self, pack, target, suffix):
        """Nothing of the archive is changed, nor is anything written beside it."""
        path = pack(suffix, PROJECT)
        before = path.stat(), path.read_bytes(), list(path.parent.iterdir())
        intake.take_in(path, target)
        after = path.stat(), path.read_bytes(), [each for each in path.parent.iterdir() if each != target]
        assert after[1:] == before[1:]
        assert (after[0].st_mtime_ns, after[0].st_mode) == (before[0].st_mtime_ns, before[0].st_mode)

    @posix
    def test_linked_archive(self, pack, folder, target):
        """The archive that is named may itself be a link: whoever names it has chosen it."""
        (folder / "link.zip").symlink_to(pack(".zip", PROJECT))
        intake.take_in(folder / "link.zip", target)
        assert files_of(target) == PROJECT

    @posix
    @pytest.mark.parametrize("suffix", [".zip", ".tar"])
    @pytest.mark.parametrize(
        ("mode", "runs"), [(0o755, True), (0o700, True), (0o644, False), (0o4755, True), (0, False)]
    )
    def test_modes(self, pack, target, suffix, mode, runs):
        """Only the owner's right to execute counts; no other bit, no owner and no time is taken over."""
        header = (
            zip_header("tool.py", stat.S_IFREG | mode, date_time=(1990, 1, 1, 0, 0, 0))
            if suffix == ".zip"
            else tar_header("tool.py", mode=mode, mtime=631152000, uid=4711, gid=4711)
        )
        intake.take_in(pack(suffix, (header, b"x = 1\n")), target)
        about = (target / "tool.py").stat()
        assert bool(about.st_mode & stat.S_IXOTH) is runs
        assert stat.S_IMODE(about.st_mode) in ({0o755} if runs else {0o644, 0o640, 0o600})
        assert about.st_mtime > 1_000_000_000
        assert about.st_uid == os.geteuid()

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_made_in_order(self, pack, target, suffix, monkeypatch):
        """The copy is made in one order, whatever the order in the archive."""
        made = []
        touch = Path.touch
        monkeypatch.setattr(Path, "touch", lambda path, **how: (made.append(path.name), touch(path, **how)))
        intake.take_in(pack(suffix, {"b.py": b"", "c/d.py": b"", "a.py": b"", "c.py": b""}), target)
        assert made == ["a.py", "b.py", "d.py", "c.py"]

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_archive_inside(self, pack, target, suffix):
        """An archive inside of an archive is a file like any other, and so are huge numbers in it."""
        inner = packed(suffix, {"../x": b"x"})
        intake.take_in(pack(suffix, PROJECT, {f"inner{suffix}": inner}), target)
        assert (target / f"inner{suffix}").read_bytes() == inner

    @pytest.mark.parametrize("pax", [True, False])
    def test_long_names(self, pack, target, pax):
        """Names longer than a tar's header has room for are whole, in both ways to write them."""
        name = "/".join(["d" * 100] * 5) + "/häfen.py"
        intake.take_in(pack(".tar", {name: b"x"}, PROJECT, pax=pax), target)
        assert files_of(target) == {name: b"x", **PROJECT}

    def test_git_archive(self, pack, target):
        """A global header that only notes a commit, as Git's archives have, is passed over."""
        header = tarfile.TarInfo.create_pax_global_header({"comment": "a" * 40})
        path = pack(".tar", PROJECT)
        path.write_bytes(header + path.read_bytes())
        intake.take_in(path, target)
        assert files_of(target) == PROJECT

    def test_packed_in_parts(self, folder, target):
        """What was packed on several cores, as several streams with padding between, is one archive."""
        whole = tarred(PROJECT.items())
        for suffix, compress in list(PACKINGS.items())[1:]:
            parts = [compress(whole[at : at + 1000]) for at in range(0, len(whole), 1000)]
            (folder / f"x{suffix}").write_bytes(b"".join(part + bytes(4) for part in parts))
            intake.take_in(folder / f"x{suffix}", target / suffix)
            assert files_of(target / suffix) == PROJECT

    def test_streamed_zip(self, folder, target):
        """A zip that was written to a pipe has its sizes after the content."""

        class Pipe(io.BytesIO):
            def seekable(self):
                return False

            def tell(self):
                raise OSError

            def seek(self, *_):
                raise OSError

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w") as archive:
            for name, content in PROJECT.items():
                archive.writestr(name, content)
        (folder / "x.zip").write_bytes(pipe.getvalue())
        intake.take_in(folder / "x.zip", target)
        assert files_of(target) == PROJECT

    def test_zip64_and_comment(self, folder, target):
        """Fields for large files and a comment at the end are part of the format."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.comment = b"handed in on Friday"
            for name, content in PROJECT.items():
                with archive.open(name, "w", force_zip64=True) as writer:
                    writer.write(content)
        (folder / "x.zip").write_bytes(buffer.getvalue())
        intake.take_in(folder / "x.zip", target)
        assert files_of(target) == PROJECT


def test_what_comes_late():
    """Most projects are folders: what reads archives is imported for those alone."""
    lines = "import sys, grader.intake; print(*sys.modules)"
    seen = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert {"zipfile", "tarfile", "gzip"}.isdisjoint(seen.stdout.split())


class TestNamesInZips:
    """Names beyond ASCII are taken in where it is clear what they are."""

    def rename(self, path, name, *, flag=False, extra=b""):
        """Pack one file whose name is these bytes, beside a project."""
        stand_in = "~" * len(name)
        header = zip_header(stand_in, extra=extra)
        content = bytearray(zipped([*PROJECT.items(), (header, b"x")]).replace(stand_in.encode(), name))
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = content.rindex(signature) + at
            content[start : start + 2] = struct.pack("<H", 0x800 * flag)
        path.write_bytes(content)
        return path

    @pytest.mark.parametrize("flag", [True, False])
    def test_utf8(self, folder, target, flag):
        """Names in UTF-8 are, whether or not the flag says so, which older programs of macOS leave out."""
        intake.take_in(self.rename(folder / "x.zip", "häfen日.py".encode(), flag=flag), target)
        assert files_of(target) == {"häfen日.py": b"x", **PROJECT}

    @pytest.mark.parametrize(
        "name", ["häfen.py".encode("cp437"), "häfen.py".encode("cp1252"), "日本.py".encode("cp932")]
    )
    def test_code_pages(self, folder, target, name):
        """A module's name in one of many code pages is refused, since nobody can know which; other names are taken."""
        assert "unknown encoding; rename" in refusal(self.rename(folder / "x.zip", name), target)
        intake.take_in(self.rename(folder / "y.zip", name.replace(b".py", b".pdf")), target)
        assert files_of(target).keys() > PROJECT.keys()

    def test_code_page_of_a_folder(self, folder, target):
        """The name of a folder around the project may be anything."""
        path = self.rename(folder / "x.zip", b"\x9abung/report.py")
        intake.take_in(path, target, lambda files: Location(next(file[:1] for file in files if "bung" in file[0])))
        assert files_of(target) == {"report.py": b"x"}

    def test_backslashes_of_windows(self, folder, target):
        """.NET before 4.6.1, and so PowerShell 5.1, packs its own separators, which name folders nowhere else."""
        path = folder / "x.zip"
        header = zip_header("lib\\deep\\x.py", create_system=0)
        header.filename = header.orig_filename
        path.write_bytes(zipped([(zip_header("lib\\", create_system=0), b""), (header, b"x")]))
        intake.take_in(path, target)
        assert files_of(target) == {"lib/deep/x.py": b"x"}
        path.write_bytes(zipped([(zip_header("..\\x.py", create_system=0), b"")]))
        assert "leads out" in refusal(path, folder / "other")

    def test_wrong_flag(self, folder, target):
        """A name that isn't UTF-8, but is said to be, is refused."""
        assert "damaged" in refusal(self.rename(folder / "x.zip", b"caf\xe9.py", flag=True), target)

    def test_name_with_an_end_in_it(self, folder, target):
        """A name with a zero byte, at which some tools end it, is refused."""
        assert "control character" in refusal(self.rename(folder / "x.zip", b"a.py\0.txt", flag=True), target)

    @pytest.mark.parametrize("packed_name", [b"h\x84fen.py", b"h#U00e4f.py"])
    def test_unicode_path(self, folder, target, packed_name):
        """Info-ZIP's field with the UTF-8 name counts as long as its checksum is that of the packed name."""
        field = b"\x01" + struct.pack("<L", zlib.crc32(packed_name)) + "häfen.py".encode()
        extra = struct.pack("<HH", 0x7075, len(field)) + field
        intake.take_in(self.rename(folder / "x.zip", packed_name, extra=extra), target)
        assert files_of(target) == {"häfen.py": b"x", **PROJECT}

    def test_stale_unicode_path(self, folder, target):
        """Once an entry was renamed by a tool that doesn't know that field, its packed name counts."""
        field = b"\x01" + struct.pack("<L", zlib.crc32(b"old.py")) + b"../x.py"
        extra = struct.pack("<HH", 0x7075, len(field)) + field
        intake.take_in(self.rename(folder / "x.zip", b"new.py", extra=extra), target)
        assert files_of(target) == {"new.py": b"x", **PROJECT}

    def test_hostile_unicode_path(self, folder, target):
        """A name in that field is checked like any other."""
        field = b"\x01" + struct.pack("<L", zlib.crc32(b"new.py")) + b"../x.py"
        extra = struct.pack("<HH", 0x7075, len(field)) + field
        assert "leads out" in refusal(self.rename(folder / "x.zip", b"new.py", extra=extra), target)


def located(folder=(), **location):
    """Whoever finds a project, finds it there."""
    return lambda _: Location(tuple(folder), **location)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
class TestLocated:
    """Of an archive the project is taken in, wherever in it that was found."""

    @pytest.mark.parametrize("top", ["submission", "01_path_appending", "build", "main-4f2a", "./x", "a/b/c"])
    def test_folder(self, pack, target, suffix, top):
        """What a right click or a forge packs lies in a folder, by any name; what is beside it stays there."""
        beside = {"notes.pdf": b"", "other/report.py": b""}
        files = {f"{top}/{name}": content for name, content in PROJECT.items()}
        intake.take_in(pack(suffix, beside, files), target, located(top.removeprefix("./").split("/")))
        assert files_of(target) == PROJECT

    def test_whole(self, pack, target, suffix):
        """If nobody says where it is, all of it is the project."""
        intake.take_in(pack(suffix, {"a/b/c.py": b""}), target)
        assert files_of(target) == {"a/b/c.py": b""}

    def test_asked(self, pack, target, suffix):
        """Whoever finds a project is asked about files alone, and not about what is left out."""
        asked = []
        clutter = {"__MACOSX/._x": b"", ".DS_Store": b"", ".git/HEAD": b"", "env/pyvenv.cfg": b"", "__MACOSX/": b""}
        files = {"x/": b"", "x/a.py": b"", "x/build/b.py": b""}
        intake.take_in(pack(suffix, clutter, files), target, lambda found: asked.extend(found) or Location(("x",)))
        assert asked == [("x", "a.py"), ("x", "build", "b.py")]

    def test_top_is_the_projects(self, pack, target, suffix):
        """What is left out at the top is left out inside of that folder, not below."""
        files = {"x/a.py": b"", "x/build/b.py": b"", "x/lib/build/c.py": b"", "build/d.py": b""}
        intake.take_in(pack(suffix, files), target, located("x"))
        assert files_of(target) == {"a.py": b"", "lib/build/c.py": b""}

    def test_faults_beside(self, pack, target, suffix):
        """What is wrong beside the project, like a link, is nobody's business."""
        intake.take_in(pack(suffix, PROJECT_IN_X, (link(suffix, "y/link", "/etc"), b"")), target, located("x"))
        assert files_of(target) == PROJECT

    def test_moves(self, pack, target, suffix):
        """Single files come to the places where they belong."""
        moves = {("report.py",): ("bin", "report.py")}
        intake.take_in(pack(suffix, {"x/report.py": b"1", "x/y.txt": b"2"}), target, located("x", moves=moves))
        assert files_of(target) == {"bin/report.py": b"1", "y.txt": b"2"}

    def test_packed_twice(self, pack, target, suffix):
        """An archive in an archive is unpacked, once; how it was packed makes no difference."""
        inner = packed(suffix, *PROJECT_IN_X.items())
        archive = pack(suffix, {f"a/work{suffix}": inner, "a/notes.pdf": b""})

        def locate(files):
            packings = [file for file in files if file[-1].endswith(suffix)]
            return Location(archive=packings[0]) if packings else Location(("x",))

        intake.take_in(archive, target, locate)
        assert files_of(target) == PROJECT
        assert [path.name for path in target.parent.iterdir() if path.name.startswith("target")] == ["target"]

    def test_packed_thrice(self, pack, target, suffix):
        """An archive in an archive in an archive is refused, as is an inner one that is none."""

        def locate(files):
            return Location(archive=next(file for file in files if file[-1].endswith(suffix)))

        inner = packed(suffix, (f"b{suffix}", packed(suffix, *PROJECT.items())))
        with pytest.raises(IntakeError, match="archive in an archive in an archive"):
            intake.take_in(pack(suffix, {f"a{suffix}": inner}), target, locate)
        with pytest.raises(IntakeError, match="damaged"):
            intake.take_in(pack(suffix, {f"a{suffix}": b"nothing"}), target / "x", locate)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
class TestLeftOut:
    """What tools leave beside the work is left out as it is of a folder."""

    @pytest.mark.parametrize(
        "name",
        ["__pycache__", ".git", ".venv", "node_modules", "tidelog.egg-info", "__MACOSX", "lib/__pycache__", "x/.eggs"],
    )
    def test_folders(self, pack, target, suffix, name):
        """Caches, repositories, virtualenvs and metadata are left out at any depth, be they entries or not."""
        intake.take_in(pack(suffix, PROJECT, {f"{name}/": b"", f"{name}/x/y.py": b"", f"{name}/z\x1b\\": b""}), target)
        assert files_of(target) == PROJECT

    def test_attributes_of_macos(self, pack, target, suffix):
        """Files that hold the attributes of other files, as macOS packs them beside these, are left out."""
        intake.take_in(pack(suffix, PROJECT, {"._report.py": b"\0\5", "lib/._soundings.py": b"\0\5"}), target)
        assert files_of(target) == PROJECT

    def test_same_as_a_folder(self, pack, folder, target, suffix):
        """An archive and the folder that it was made of are taken in as the same project."""
        clutter = ["build/a.py", "lib/build/a.py", "dist", "env/pyvenv.cfg", "env/a.py", "lib/Thumbs.db", "venv/a.py",
                   "pyvenv.cfg", "lib/.DS_Store", "lib/dist/a.py", "X.EGG-INFO/a", "lib/node_modules", "__MACOSX/a",
                   "lib/tox/pyvenv.cfg", "desktop.ini"]  # fmt: skip
        files = {**PROJECT, **{name: name.encode() for name in clutter}}
        for name, content in files.items():
            (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "source" / name).write_bytes(content)
        intake.take_in(folder / "source", folder / "copy")
        intake.take_in(pack(suffix, files), target)
        assert files_of(target) == files_of(folder / "copy")
        assert "env/a.py" not in files_of(target)
        assert "lib/build/a.py" in files_of(target)

    def test_what_is_in_them(self, pack, target, suffix):
        """Links inside of a left-out folder trouble nobody, nor does a link in its place."""
        hostile = [
            (link(suffix, ".venv/bin/python", "/usr/bin/python3"), b""),
            (link(suffix, "env/lib64", "lib"), b""),
            (link(suffix, "node_modules", "/"), b""),
        ]
        if suffix != ".zip":
            hostile.append((tar_header("env/pipe", tarfile.FIFOTYPE), b""))
        intake.take_in(pack(suffix, PROJECT, *hostile, {"env/pyvenv.cfg": b""}), target)
        assert files_of(target) == PROJECT
        assert sorted(path.name for path in target.iterdir()) == ["lib", "report.py"]

    def test_count_for_nothing(self, pack, target, suffix, monkeypatch):
        """What is left out counts neither as files nor as bytes of the project."""
        monkeypatch.setattr(copies, "MAX_FILES", 5)
        monkeypatch.setattr(copies, "MAX_FILE_BYTES", 100)
        monkeypatch.setattr(copies, "MAX_BYTES", 200)
        clutter = {f".git/{number}": bytes(101) for number in range(30)}
        intake.take_in(pack(suffix, clutter, PROJECT), target)
        assert files_of(target) == PROJECT


def link(suffix, name, leads_to):
    """A header of a symbolic link, which for a zip holds no target."""
    if suffix == ".zip":
        return zip_header(name, stat.S_IFLNK | 0o777)
    return tar_header(name, tarfile.SYMTYPE, linkname=leads_to)


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
class TestUnpacked:
    """What a build packed is unpacked as it is."""

    def test_all_of_it(self, pack, target, suffix):
        """Nothing is left out, and the folder around all of it stays."""
        names = {"x-1/a.py", "x-1/__pycache__/a.pyc", "x-1/x.egg-info/PKG-INFO", "x-1/build/b", "x-1/.git/c"}
        intake.unpack(pack(suffix, dict.fromkeys(names, b"x")), target)
        assert {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()} == names

    @pytest.mark.parametrize("name", ["../x", "x/../../y", "/x"])
    def test_traversal(self, pack, target, suffix, name):
        """Names that lead out are refused as ever, before anything is written."""
        with pytest.raises(IntakeError, match="leads out"):
            intake.unpack(pack(suffix, (name, b"")), target)
        assert not target.exists()


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
class TestHostileNames:
    """A name that could lead elsewhere, or mean another file elsewhere, is refused before anything is written."""

    @pytest.mark.parametrize(
        "name",
        ["../x", "a/../../x", "a/..", "..", "/etc/x", "//host/x", "\\x", "..\\x", "a\\..\\..\\x", "C:\\x", "c:x",
         "C:/x", ".git/../../x", "./../x", "__MACOSX/../../../x"],
    )  # fmt: skip
    def test_traversal(self, pack, target, suffix, name):
        """Names that lead out of the project on any system are refused, even below what is left out."""
        message = refusal(pack(suffix, PROJECT, {name: b"x"}), target)
        assert "leads out of the project; pack" in message
        assert not target.exists()

    def test_traversal_through_the_wrapping(self, pack, target, suffix):
        """The folder that is taken off is no way out either."""
        assert "leads out" in refusal(pack(suffix, {"x/a.py": b"", "x/../../a.py": b""}), target)

    def test_dots_that_are_harmless(self, pack, target, suffix):
        """Dots that stand for the folder itself, and names that only begin with two, are harmless."""
        intake.take_in(
            pack(suffix, {"./a.py": b"", "lib/./b.py": b"", "..hidden": b"", "...": b"", "c//d": b""}), target
        )
        assert sorted(files_of(target)) == ["...", "..hidden", "a.py", "c/d", "lib/b.py"]

    @pytest.mark.parametrize(
        ("first", "second"),
        [("a.py", "a.py"), ("lib/a.py", "./lib//a.py"), ("lib", "lib/a.py"), ("lib/a.py", "lib"), ("lib/", "lib"),
         ("x/y/z", "x/y")],
    )  # fmt: skip
    def test_twice(self, pack, target, suffix, first, second):
        """A name that is there twice, or as a file and as a folder, is refused: tools differ in which one counts."""
        assert "there twice" in refusal(
            pack(suffix, {"report.py": b"", first: b"1"[: 1 - first.count("lib/")]}, (second, b"2")), target
        )

    @pytest.mark.parametrize(
        ("first", "second"),
        [("a.py", "A.py"), ("lib/a.py", "LIB/b.py"), ("häfen", unicodedata.normalize("NFD", "häfen")), ("ß", "SS"),
         ("lib", "Lib/a"), ("x/É/a", "X/e\u0301/b"), ("a/ς", "a/Σ")],
    )  # fmt: skip
    def test_collisions(self, pack, target, suffix, first, second):
        """Names that are one name where case or the way of writing an accent makes no difference are refused."""
        message = refusal(pack(suffix, {"report.py": b"", first: b"1", second: b"2"}), target)
        assert "rename one of them" in message
        assert not target.exists()

    @pytest.mark.parametrize("name", ["a\nb", "\x1b[2J", "a\rb", "\x7f", "a\x85b", "tab\t.py", "lib\a/x.py"])
    def test_control_characters(self, pack, target, suffix, name):
        """A name with a control character is refused, by a message without it."""
        assert "holds a control character; rename" in refusal(pack(suffix, PROJECT, {name: b""}), target)

    def test_backslash(self, pack, target, suffix):
        """A backslash is a part of a name on one system and between folders on another."""
        assert "holds a backslash" in refusal(pack(suffix, PROJECT, {"lib\\x.py": b""}), target)

    @pytest.mark.parametrize("name", ["a" * 256, "ä" * 128, f"{'d' * 256}/x"])
    def test_long_part(self, pack, target, suffix, name):
        """A name that file systems have no room for is refused before they do."""
        assert "longer than 255 bytes" in refusal(pack(suffix, PROJECT, {name: b""}), target)

    def test_long_path(self, pack, target, suffix):
        """So is a path without end."""
        assert "longer than 1,024 characters" in refusal(pack(suffix, PROJECT, {"a/" * 600 + "b": b""}), target)

    def test_depth(self, pack, target, suffix):
        """Folders nested without end are refused, and as many as a folder may have are not."""
        intake.take_in(pack(suffix, PROJECT, {"d/" * 32 + "x.py": b""}), target)
        assert "nested more than 32" in refusal(pack(suffix, PROJECT, {"d/" * 33 + "x.py": b""}), target / "again")
        assert "nested more than 32" in refusal(pack(suffix, PROJECT, {"d/" * 33: b""}), target / "again")

    @pytest.mark.parametrize("name", [".", "./."])
    def test_the_top(self, pack, target, suffix, name):
        """The top itself can be a folder, not a file nor a link."""
        intake.take_in(pack(suffix, PROJECT, {"./": b""}), target)
        assert "no name of a file" in refusal(pack(suffix, PROJECT, {name: b"x"}), target / "again")
        assert "no name of a file" in refusal(pack(suffix, PROJECT, (link(suffix, name, "/"), b"")), target / "again")

    @pytest.mark.parametrize("name", ["con", "Aux.py", "lib/COM1.txt", "x.", "x ", "1:2", "a*", "lib. /x"])
    def test_windows(self, pack, target, suffix, name, monkeypatch):
        """On Windows, names that mean something else there are refused; elsewhere they are names."""
        path = pack(suffix, PROJECT, {name: b"x"})
        intake.take_in(path, target)
        assert files_of(target) == {name: b"x", **PROJECT}
        monkeypatch.setattr(archives, "_ON_WINDOWS", True)
        assert "none that Windows allows" in refusal(path, target / "again")


class TestHostileEntries:
    """What is no plain file or folder is refused with its name."""

    @pytest.mark.parametrize("suffix", SUFFIXES)
    @pytest.mark.parametrize("leads_to", ["report.py", "/etc/passwd", "..", "."])
    def test_symbolic_link(self, pack, target, suffix, leads_to):
        """A symbolic link is refused, wherever it leads, and is not made."""
        message = refusal(pack(suffix, PROJECT, (link(suffix, "way", leads_to), leads_to.encode())), target)
        assert "way in " in message
        assert "is a symbolic link; a project is made of plain files and folders" in message
        assert not target.exists()

    @pytest.mark.parametrize("suffix", [".zip", ".tar"])
    def test_file_through_a_link(self, pack, target, folder, suffix):
        """A file behind a link of the same archive doesn't arrive where the link leads."""
        (folder / "outside").mkdir()
        way = link(suffix, "way", str(folder / "outside"))
        refusal(pack(suffix, PROJECT, (way, b""), {"way/x.py": b"x"}), target)
        assert list((folder / "outside").iterdir()) == []

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            (tarfile.LNKTYPE, "a hard link"),
            (tarfile.CHRTYPE, "a device"),
            (tarfile.BLKTYPE, "a device"),
            (tarfile.FIFOTYPE, "a named pipe"),
            (tarfile.GNUTYPE_SPARSE, "a sparse file"),
            (b"M", "a special entry"),
            (b"D", "a special entry"),
        ],
    )
    def test_kinds_of_tar(self, pack, target, kind, words):
        """Links, devices, pipes, sparse files and what else tar knows are refused."""
        header = tar_header("x", kind, linkname="report.py", devmajor=1, devminor=5)
        message = refusal(pack(".tar", PROJECT, (header, b"")), target)
        assert f"is {words}" in message
        assert "x in " in message

    @pytest.mark.parametrize(
        "records",
        [
            {"GNU.sparse.map": "0,1", "GNU.sparse.size": "99999999999"},
            {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "99999999999"},
        ],
    )
    def test_sparse_by_pax(self, pack, target, records):
        """A sparse file is refused in the newer ways to write it, too."""
        assert "is a sparse file" in refusal(
            pack(".tar", PROJECT, (tar_header("x", pax_headers=records), b"x")), target
        )

    @pytest.mark.parametrize(
        ("mode", "words"),
        [
            (stat.S_IFIFO, "a named pipe"),
            (stat.S_IFCHR, "a device"),
            (stat.S_IFSOCK, "a socket"),
            (0o030000, "a device"),
        ],
    )
    def test_kinds_of_zip(self, pack, target, mode, words):
        """A mode in a zip that is no file's is refused."""
        assert f"is {words}" in refusal(pack(".zip", PROJECT, (zip_header("x", mode | 0o644), b"")), target)

    def test_folder_with_content(self, pack, target):
        """An entry that is a folder by its name and a file by its content is refused."""
        assert "a folder that holds bytes" in refusal(pack(".zip", PROJECT, ("x/", b"x")), target)

    @pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
    def test_encrypted(self, pack, target, flag):
        """An encrypted zip is refused, and what to do is said."""
        path = pack(".zip", {"report.py": b"x"})
        content = bytearray(path.read_bytes())
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = content.index(signature) + at
            content[start : start + 2] = struct.pack("<H", flag)
        path.write_bytes(content)
        assert "is encrypted; pack the project without a password" in refusal(path, target)

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 9, 93, 99])
    def test_other_compression(self, pack, target, method):
        """A method that can't be unpacked with a bound is refused, and what to do is said."""
        if method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            path = pack(".zip", PROJECT, (zip_header("x", compress_type=method), b"x"))
        else:
            path = pack(".zip", {"x": b"x"})
            content = path.read_bytes()
            at = content.index(b"PK\x01\x02") + 10
            path.write_bytes(content[:at] + struct.pack("<H", method) + content[at + 2 :])
        assert "another method than deflate; pack the project as an ordinary zip" in refusal(path, target)

    @pytest.mark.parametrize("pax", [True, False])
    def test_tar_names_that_are_not_utf8(self, folder, target, pax):
        """A name that isn't UTF-8 is refused, by a message that can be printed."""
        buffer = io.BytesIO()
        form = tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT
        with tarfile.open(fileobj=buffer, mode="w", format=form, encoding="latin-1") as archive:
            archive.addfile(tarfile.TarInfo("caf\udce9.py" if pax else "café.py"))
        (folder / "x.tar").write_bytes(buffer.getvalue())
        assert "not UTF-8" in refusal(folder / "x.tar", target)


class TestTooMuch:
    """Everything is counted as it comes, whatever the headers say."""

    @pytest.fixture(autouse=True)
    def low(self, monkeypatch):
        """Make the limits small, so that a bomb is."""
        monkeypatch.setattr(copies, "MAX_FILES", 20)
        monkeypatch.setattr(copies, "MAX_FILE_BYTES", 100_000)
        monkeypatch.setattr(copies, "MAX_BYTES", 300_000)
        monkeypatch.setattr(copies, "CHUNK", 1 << 12)
        monkeypatch.setattr(streams, "MAX_UNPACKED_BYTES", 2_000_000)
        monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 1_000_000)
        monkeypatch.setattr(entries, "MAX_ENTRIES", 100)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_files(self, pack, target, suffix):
        """As many files and folders as allowed are taken in, and not one more, be it an entry or implied."""
        most = {f"{number}.py": b"" for number in range(18)}
        intake.take_in(pack(suffix, most, {"a/b.py": b""}), target)
        message = refusal(pack(suffix, most, {"a/b/c.py": b""}), target / "again")
        assert "over 20 files; is this the right archive?" in message

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_file_size(self, pack, target, suffix):
        """A file of just the largest size is taken in; with one byte more it is refused before it is unpacked."""
        intake.take_in(pack(suffix, {"x": bytes(100_000)}), target)
        assert (target / "x").stat().st_size == 100_000
        assert "x in " in (message := refusal(pack(suffix, {"x": bytes(100_001)}), target / "again"))
        assert "holds 100,001 bytes; at most 100,000" in message
        assert not (target / "again").exists()

    def test_file_that_grows(self, folder, target):
        """A file is also counted as it is written, since it may have grown after it was looked at."""
        copy = copies.Copy(target, "folder")
        with (folder / "x").open("wb", buffering=0) as writer, pytest.raises(IntakeError, match="at most 100,000"):
            copy.fill(writer, iter([bytes(60_000)] * 2), "x")
        assert (folder / "x").stat().st_size == 60_000

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_whole_size(self, pack, target, suffix):
        """Files that are fine one by one may be too much together."""
        most = {f"{number}": bytes(100_000) for number in range(3)}
        intake.take_in(pack(suffix, most), target)
        assert "over 300,000 bytes in all" in refusal(pack(suffix, most, {"z": b"x"}), target / "again")
        assert sum(path.stat().st_size for path in (target / "again").rglob("*") if path.is_file()) <= 300_000

    @pytest.mark.parametrize("suffix", [".zip", ".tar"])
    def test_archive_size(self, pack, target, suffix):
        """An archive that is too large itself is refused before it is read."""
        path = pack(suffix, PROJECT)
        with path.open("ab") as file:
            file.truncate(1 << 40 if sys.platform == "linux" else 1_000_001)
        assert "larger than 1,000,000 bytes" in refusal_of_large(path, target)

    @pytest.mark.parametrize("suffix", [".tar.gz", ".tar.bz2", ".tar.xz"])
    @pytest.mark.parametrize("inside", ["left out", "after the end", "no tar"])
    def test_stream_without_end(self, folder, target, suffix, inside):
        """What unpacks without end is given up, be it left out, padding after the end, or no tar at all."""
        large = (tar_header(".git/x", size=3_000_000), bytes(3_000_000))
        content = {
            "left out": tarred([*PROJECT.items(), large]),
            "after the end": tarred(PROJECT.items()) + bytes(3_000_000),
            "no tar": b"\0" * 3_000_000,
        }[inside]
        path = folder / f"x{suffix}"
        path.write_bytes(PACKINGS[suffix](content))
        assert path.stat().st_size < 10_000
        assert "unpacks to more than 2,000,000 bytes" in refusal(path, target)
        assert not target.exists()

    @pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
    @pytest.mark.parametrize("size", [9 << 20, 1 << 40])
    def test_huge_header(self, folder, target, kind, size):
        """A header that claims to be huge is refused by its claim, before it is read."""
        header = tar_header("x", kind, size=size).tobuf(tarfile.GNU_FORMAT)
        path = folder / "x.tar.gz"
        path.write_bytes(gzip.compress(header + bytes(1_500_000)))
        tracemalloc.start()
        assert "its headers are too large" in refusal(path, target)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
        tracemalloc.stop()

    def test_many_headers(self, folder, target, monkeypatch):
        """Headers that are fine one by one may be too much together, and too many of them end the walk."""
        monkeypatch.setattr(tars, "_MAX_EXTENDED_BYTES", 10_000)
        record = tar_header("x", b"x", size=11).tobuf() + b"11 a=bcdef\n".ljust(512, b"\0")
        path = folder / "x.tar"
        path.write_bytes(record * 950 + tarred(PROJECT.items()))
        assert "its headers are too large" in refusal(path, target)
        monkeypatch.undo()
        monkeypatch.setattr(tars, "MAX_ENTRIES", 940)
        assert "over 940 entries" in refusal(path, target)
        monkeypatch.setattr(tars, "MAX_ENTRIES", 960)
        intake.take_in(path, target)  # a thousand headers for one entry are no thousand calls deep
        assert files_of(target) == PROJECT

    @pytest.mark.parametrize("suffix", [".zip", ".tar"])
    def test_many_entries(self, pack, target, suffix, monkeypatch):
        """Entries without end are given up even if all are left out."""
        for module in ("zips", "tars"):
            monkeypatch.setattr(f"grader.intake.{module}.MAX_ENTRIES", 50)
        many = {f".git/{number}": b"" for number in range(60)}
        assert "over 50 entries" in refusal(pack(suffix, PROJECT, many), target)

    def test_large_directory(self, folder, target, monkeypatch):
        """A zip's directory is not read into memory on its own word."""
        monkeypatch.setattr("grader.intake.zips._MAX_READ", 1 << 17)
        monkeypatch.setattr("grader.intake.zips.MAX_ENTRIES", 1 << 30)
        path = folder / "x.zip"
        path.write_bytes(zipped([(f".git/{number}", b"") for number in range(3000)]))
        assert "its directory is too large" in refusal(path, target)

    @pytest.mark.parametrize("claimed", [0, 10, 99_999, 2**32 - 2])
    def test_zip_that_lies_of_sizes(self, pack, target, claimed):
        """A zip's file of other bytes than its directory says is refused, and never more than that is written."""
        path = pack(".zip", {"x": bytes(100_000)})
        content = bytearray(path.read_bytes())
        at = content.index(b"PK\x01\x02") + 24
        content[at : at + 4] = struct.pack("<L", claimed)
        path.write_bytes(content)
        message = refusal(path, target)
        assert "damaged" in message or "at most" in message
        assert not target.exists() or sum(len(each) for each in files_of(target).values()) <= max(claimed, 1)

    def test_zip_bomb(self, pack, target):
        """A bomb whose directory claims little is refused while it is unpacked, in little memory."""
        path = pack(".zip", {"x": bytes(50_000_000)})
        content = path.read_bytes()
        path.write_bytes(content.replace(struct.pack("<L", 50_000_000), struct.pack("<L", 90_000)))
        tracemalloc.start()
        assert "damaged" in refusal(path, target)
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
        tracemalloc.stop()

    @pytest.mark.parametrize("claimed", [1, 10**11])
    def test_tar_that_lies_of_sizes(self, folder, target, claimed):
        """A tar's file of other bytes than its header says is refused."""
        header = tar_header("x", size=claimed).tobuf()
        (folder / "x.tar").write_bytes(header + b"x" * 10_240 + end_of_tar())
        message = refusal(folder / "x.tar", target)
        assert "damaged" in message or "at most" in message or "too early" in message

    @pytest.mark.parametrize("size", ["-1", "1e3", "9" * 5000, "", "٣", "999999999999999"])
    def test_pax_size_that_is_none(self, pack, target, size):
        """A pax header's size is a number and no more than there is, or the archive is refused."""
        header = tar_header(".git/x", pax_headers={"size": size})
        assert "damaged" in refusal(pack(".tar", PROJECT, (header, b"x")), target)

    def test_negative_size(self, folder, target):
        """A size below zero, at which some readers go back and forth for good, is refused."""
        header = bytearray(tar_header("x").tobuf(tarfile.GNU_FORMAT))
        header[124:136] = (-512).to_bytes(12, "big", signed=True)
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        (folder / "x.tar").write_bytes(header + end_of_tar())
        assert "a size in it is negative" in refusal(folder / "x.tar", target)

    def test_many_parts(self, folder, target, monkeypatch):
        """Streams without end, each of nothing, are given up."""
        monkeypatch.setattr(streams, "_MAX_PARTS", 50)
        (folder / "x.tgz").write_bytes(gzip.compress(b"") * 60 + gzip.compress(tarred(PROJECT.items())))
        assert "too many parts" in refusal(folder / "x.tgz", target)

    def test_much_memory(self, folder, target, monkeypatch):
        """What needs a lot of memory to be unpacked is refused."""
        monkeypatch.setattr(streams, "_MAX_MEMORY", 1 << 20)
        (folder / "x.tar.xz").write_bytes(lzma.compress(tarred(PROJECT.items()), preset=6))
        assert "emory usage limit" in refusal(folder / "x.tar.xz", target)


def refusal_of_large(path, target):
    """What is said of an archive that no test should read."""
    with pytest.raises(IntakeError) as caught:
        intake.take_in(path, target)
    assert not target.exists()
    return str(caught.value)


class TestZipStructure:
    """A zip in which different tools could see different files is refused."""

    @pytest.mark.parametrize(("before", "after"), [(b"#!/bin/sh\n", b""), (b"", b"x"), (b"", bytes(100)), (b"PK", b"")])
    def test_junk(self, pack, target, before, after):
        """Nothing stands before or after a zip."""
        path = pack(".zip", PROJECT)
        path.write_bytes(before + path.read_bytes() + after)
        assert "there are bytes" in refusal(path, target)

    @pytest.mark.parametrize("order", [1, -1])
    def test_zip_after_zip(self, pack, target, order):
        """Of two zips in one file none is taken."""
        first, second = packed(".zip", PROJECT), packed(".zip", {"other.py": b""})
        path = pack(".zip", PROJECT)
        path.write_bytes(b"".join([first, second][::order]))
        assert "there are bytes" in refusal(path, target)

    def test_overlap(self, pack, target):
        """Entries that share the same packed bytes are refused, as they make a small zip unpack to much."""
        path = pack(".zip", {"a": b"x" * 1000, "b": b"x" * 1000})
        content = bytearray(path.read_bytes())
        at = content.rindex(b"PK\x01\x02")
        content[at + 42 : at + 46] = bytes(4)
        path.write_bytes(content)
        assert "its entries overlap" in refusal(path, target)

    def test_quoted_overlap(self, folder, target):
        """So are entries whose content begins with another entry's header."""
        inner = zipped([("b", b"y" * 50)])
        outer = bytearray(zipped([(zip_header("a"), inner[: inner.index(b"PK\x01\x02")])]))
        directory = outer.index(b"PK\x01\x02")
        entry = bytearray(inner[inner.index(b"PK\x01\x02") : inner.index(b"PK\x05\x06")])
        entry[42:46] = struct.pack("<L", 31)
        end = outer.index(b"PK\x05\x06")
        size = end - directory + len(entry)
        tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, size, directory, 0)
        (folder / "x.zip").write_bytes(outer[:end] + entry + tail)
        assert "its entries overlap" in refusal(folder / "x.zip", target)

    def test_other_name_in_place(self, pack, target):
        """An entry whose own header has another name than the directory is refused."""
        path = pack(".zip", {"report.py": b"x"})
        path.write_bytes(path.read_bytes().replace(b"report.py", b"../../evi", 1))
        assert "damaged" in refusal(path, target)

    @pytest.mark.parametrize("value", [2**64 - 1, 2**63, 2**40, 10**6])
    @pytest.mark.parametrize("field", [0, 8, 16])
    def test_zip64_that_lies(self, folder, target, field, value):
        """Wide numbers that point beyond the file, or claim more than there is, are refused."""
        extra = struct.pack("<HHQQQ", 1, 24, 1, 1, 0)
        content = bytearray(zipped([(zip_header("x", extra=extra), b"x")]))
        at = content.index(b"PK\x01\x02")
        content[at + 20 : at + 28] = b"\xff" * 8
        content[at + 42 : at + 46] = b"\xff" * 4
        wide = at + 46 + 1 + 4 + field
        content[wide : wide + 8] = struct.pack("<Q", value)
        (folder / "x.zip").write_bytes(content)
        refusal(folder / "x.zip", target)

    def test_no_name(self, folder, target):
        """An entry without a name is refused."""
        content = bytearray(zipped([("~", b"x")]))
        for signature, at in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
            start = content.index(signature) + at
            content[start : start + 4] = struct.pack("<HH", 0, 1)
        (folder / "x.zip").write_bytes(content)
        assert "no name of a file" in refusal(folder / "x.zip", target)

    @pytest.mark.parametrize("comment", [b"PK\x05\x06" + bytes(18), b"PK\x05\x06" * 10])
    def test_end_in_the_comment(self, folder, target, comment):
        """A comment that looks like another end of the zip hides no files."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.comment = comment
            archive.writestr("report.py", b"x")
        (folder / "x.zip").write_bytes(buffer.getvalue())
        refusal(folder / "x.zip", target)


class TestTarStructure:
    """So is a tar."""

    @pytest.mark.parametrize("suffix", PACKINGS)
    def test_tar_after_tar(self, pack, target, suffix):
        """What stands after a tar's end is seen by some tools, so it may not be there."""
        path = pack(suffix, PROJECT)
        path.write_bytes(PACKINGS[suffix](tarred(PROJECT.items()) + tarred([("x", b"")])))
        assert "there are bytes after its end" in refusal(path, target)

    @pytest.mark.parametrize("records", [{"path": "../x"}, {"size": "1"}, {"linkpath": "/"}, {"GNU.sparse.map": "0,1"}])
    def test_global_header(self, pack, target, records):
        """A global header that says something of each entry is refused."""
        path = pack(".tar", PROJECT)
        path.write_bytes(tarfile.TarInfo.create_pax_global_header(records) + path.read_bytes())
        assert "a global header names files" in refusal(path, target)

    @pytest.mark.parametrize(
        "content",
        [b"0 a=b\n", b"5 a=b\n", b"99 a=b\n", b"-6 a=b\n", b"a=b\n", b" 6 a=b\n", b"6  a=b\n\n", b"5 ab\n", b"1" * 400,
         b"6 a=b\n" + bytes(3), b"3 \n", b"1 "],
    )  # fmt: skip
    def test_broken_records(self, folder, target, content):
        """A pax header that is no list of records is refused."""
        header = tar_header("x", b"x", size=len(content)).tobuf() + content.ljust(512, b"\0")
        (folder / "x.tar").write_bytes(header + tarred(PROJECT.items()))
        message = refusal(folder / "x.tar", target) if content != b"6  a=b\n\n" else "damaged"
        assert "damaged" in message

    @pytest.mark.parametrize("name", ["../x", "/x", "", "a\0b", "caf\udce9"])
    def test_hostile_pax_names(self, folder, target, name):
        """A name in a pax header is checked like any other."""
        record = b"path=" + name.encode("utf-8", "surrogateescape") + b"\n"
        record = f"{len(record) + 3} ".encode() + record
        header = tar_header("x", b"x", size=len(record)).tobuf() + record.ljust(512, b"\0")
        (folder / "x.tar").write_bytes(header + tarred([("ok.py", b"")]))
        assert refusal(folder / "x.tar", target)

    @pytest.mark.timeout(20)
    def test_slow_header(self, folder, target):
        """A header of a megabyte of digits, over which a search can take hours, takes none."""
        header = tar_header("x", b"x", size=1 << 20).tobuf() + b"1" * (1 << 20)
        (folder / "x.tar").write_bytes(header + tarred(PROJECT.items()))
        assert "no list of records" in refusal(folder / "x.tar", target)


class TestUnreadable:
    """What is no archive, or not a whole one, gets a clear sentence."""

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_empty(self, folder, target, suffix):
        """A file of no bytes is an empty archive, not a damaged one."""
        (folder / f"x{suffix}").touch()
        assert "is empty; pack the project again" in refusal(folder / f"x{suffix}", target)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    @pytest.mark.parametrize("content", [{}, {"lib/": b""}, {".git/HEAD": b"", "__pycache__/": b""}])
    def test_nothing_in_it(self, pack, target, suffix, content):
        """An archive without any file of a project is refused."""
        assert "holds no files of a project; pack" in refusal(pack(suffix, content), target)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    @pytest.mark.parametrize("other", ["text", "zip", "tar", "noise"])
    def test_another_format(self, folder, target, suffix, other):
        """What isn't what its name says is refused."""
        content = {
            "text": b"print('hello')\n" * 100,
            "zip": b"Rar!" + packed(".zip", PROJECT) if suffix == ".zip" else packed(".zip", PROJECT),
            "tar": packed(".tar.gz" if suffix == ".tar" else ".tar", PROJECT),
            "noise": random.Random(1).randbytes(5000),
        }[other]
        (folder / f"x{suffix}").write_bytes(content)
        message = refusal(folder / f"x{suffix}", target)
        assert "is damaged, or not what its name says" in message
        assert "pack the project again" in message

    @pytest.mark.parametrize("suffix", [".rar", ".7z", ".py", "", ".gz", ".tar.zst", ".whl"])
    def test_unknown_extension(self, pack, folder, target, suffix):
        """What can be taken in is named where something else was given."""
        path = pack(".zip", PROJECT).rename(folder / f"x{suffix}")
        message = refusal(path, target)
        assert "is not a folder, nor a .zip, .tar, " in message
        assert "name the folder that holds its files, or an archive of it" in message

    def test_missing(self, folder, target):
        """An archive that isn't there is named."""
        assert "x.zip is not there" in refusal(folder / "x.zip", target)

    @posix
    @pytest.mark.timeout(30)
    def test_pipe(self, folder, target):
        """A named pipe is refused without waiting for somebody to write to it."""
        os.mkfifo(folder / "x.zip")
        assert "x.zip is a named pipe" in refusal(folder / "x.zip", target)

    @posix
    def test_device(self, folder, target):
        """A link to a device is refused without the device being opened."""
        (folder / "x.tar").symlink_to("/dev/zero")
        assert "is a device" in refusal(folder / "x.tar", target)

    def test_folder_of_that_name(self, folder, target):
        """A folder is a folder, whatever it is called."""
        (folder / "x.zip").mkdir()
        (folder / "x.zip" / "a.py").touch()
        intake.take_in(folder / "x.zip", target)
        assert files_of(target) == {"a.py": b""}

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_cut(self, pack, target, suffix):
        """An archive that was cut short anywhere is refused, unless only padding is gone."""
        path = pack(suffix, {"a.py": random.Random(2).randbytes(3000), **PROJECT})
        whole = path.read_bytes()
        needed = len(whole.rstrip(b"\0")) if suffix == ".tar" else len(whole) - 1
        for number, end in enumerate([1, 2, 10, 100, needed // 3, needed // 2, needed - 100, needed]):
            path.write_bytes(whole[:end])
            message = refusal(path, target / str(number))
            assert "damaged" in message

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_checksum(self, pack, target, suffix):
        """A checksum that isn't right is noticed, even where all names are."""
        if suffix == ".tar":
            pytest.skip("its contents have none")
        path = pack(suffix, {"a.py": random.Random(3).randbytes(3000)})
        content = bytearray(path.read_bytes())
        if suffix == ".zip":
            content[500] ^= 1
        else:
            content[-6 if "z" in suffix[-2:] else len(content) // 2] ^= 1
        path.write_bytes(content)
        assert "damaged" in refusal(path, target)

    def test_no_module(self, pack, target, monkeypatch):
        """A Python without a decompressor is no fault of the project."""
        monkeypatch.setitem(sys.modules, "bz2", None)
        with pytest.raises(InfrastructureError, match="can't unpack bzip2; pack the project as a"):
            intake.take_in(pack_before(pack, monkeypatch), target)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), MemoryError()])
    def test_what_runs_out(self, pack, target, suffix, error, monkeypatch):
        """That disk or memory runs out is never the learner's fault."""

        def fail(*_):
            raise error

        path = pack(suffix, PROJECT)
        monkeypatch.setattr(copies, "_write", fail)
        with pytest.raises(InfrastructureError, match="can't be written"):
            intake.take_in(path, target)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_memory_runs_out_while_reading(self, pack, target, suffix, monkeypatch):
        """So it is where the archive is being read."""

        def fail(*_, **__):
            raise MemoryError

        path = pack(suffix, PROJECT)
        monkeypatch.setattr("zipfile.ZipFile._RealGetContents", fail)
        monkeypatch.setattr("tarfile.TarInfo.frombuf", fail)
        with pytest.raises(InfrastructureError):
            intake.take_in(path, target)

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_changed_meanwhile(self, pack, target, suffix, monkeypatch):
        """An archive that becomes another one between the look at its names and the unpacking is refused."""
        path = pack(suffix, PROJECT)
        lay_out = archives._lay_out

        def change(*arguments):
            lay_out(*arguments)
            with path.open("r+b") as file:
                file.write(packed(suffix, {"report.py": b"", "lib/soundings.py": b""}))

        monkeypatch.setattr(archives, "_lay_out", change)
        with pytest.raises(IntakeError, match=r"changed while it was read|damaged"):
            intake.take_in(path, target)

    @posix
    def test_open_descriptors(self, pack, target):
        """Nothing stays open, be the archive fine or refused."""
        if not Path("/dev/fd").is_dir():
            pytest.skip("this system doesn't list open descriptors")
        paths = [pack(suffix, PROJECT) for suffix in SUFFIXES]
        bad = [path.with_name(f"bad{path.name}") for path in paths]
        for path, whole in zip(bad, paths, strict=True):
            path.write_bytes(whole.read_bytes()[:-20])
        before = len(list(Path("/dev/fd").iterdir()))
        for number, path in enumerate(paths):
            intake.take_in(path, target / str(number))
        for number, path in enumerate(bad):
            with pytest.raises(IntakeError) if path.suffix != ".tar" else contextlib.nullcontext():
                intake.take_in(path, target / f"bad{number}")
        assert len(list(Path("/dev/fd").iterdir())) == before


def pack_before(pack, monkeypatch):
    """A tar that was packed while there still was a bz2."""
    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "bz2")
        return pack(".tar.bz2", PROJECT)


def refusal_if_any(source, target):
    """What is said of an archive that can't be taken in; nothing of one that is."""
    try:
        intake.take_in(source, target)
    except IntakeError as error:
        return str(error)
    return ""


NAMES = (
    st.text(st.characters(categories=["L", "N"], include_characters="-_. ", max_codepoint=0x2FFF), max_size=20)
    .map(lambda name: f"x{name.lower()}")
    .filter(lambda name: name.strip(". ") == name and name.isprintable() and len(name.encode()) < 200)
)
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=4).map("/".join), st.binary(max_size=300), min_size=1, max_size=8
)
FOLDERS = st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), max_size=3)


def lay_out(tree, folders, root):
    """Write a tree, as far as a file isn't also a folder and no two names are too much alike."""
    root.mkdir()
    for name, content in [*tree.items(), *((name, None) for name in folders)]:
        path, known = root / name, {archives._case_folded(p.relative_to(root).parts): p for p in root.rglob("*")}
        ways = [path, *itertools.takewhile(lambda parent: parent != root, path.parents)]
        if path.exists() or any(known.get(archives._case_folded(p.relative_to(root).parts), p) != p for p in ways):
            continue
        if any(parent.is_file() for parent in ways):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if content is None else path.write_bytes(content)


def pairs_of(root, prefix=""):
    """What to pack of a folder: its files, and those of its folders that are empty."""
    for path in sorted(root.rglob("*")):
        name = prefix + path.relative_to(root).as_posix()
        if path.is_file():
            yield name, path.read_bytes()
        elif not any(path.iterdir()):
            yield f"{name}/", b""


class TestRandomTrees:
    """Properties of any tree, packed in any way, and of any damage to it."""

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
    @given(tree=TREES, folders=FOLDERS, suffix=st.sampled_from(SUFFIXES), wrapped=st.booleans(), data=st.data())
    def test_same_as_the_folder(self, tmp_path_factory, tree, folders, suffix, wrapped, data):
        """An archive, in any order of its entries, is taken in as the very project that its folder is."""
        root = tmp_path_factory.mktemp("tree")
        lay_out(tree, folders, root / "source")
        pairs = data.draw(st.permutations(list(pairs_of(root / "source", "top/" if wrapped else ""))))
        archive = root / f"x{suffix}"
        archive.write_bytes(packed(suffix, *pairs, pax=data.draw(st.booleans())))
        intake.take_in(root / "source", root / "copy")
        intake.take_in(archive, root / "target", located(["top"] if wrapped else ()))
        assert files_of(root / "target") == files_of(root / "source")
        assert intake.digest(root / "target") == intake.digest(root / "copy")
        assert sorted(p.relative_to(root / "target") for p in (root / "target").rglob("*")) == sorted(
            p.relative_to(root / "source") for p in (root / "source").rglob("*")
        )

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=250)
    @given(tree=TREES, suffix=st.sampled_from(SUFFIXES), pax=st.booleans(), deep=st.booleans(), data=st.data())
    def test_damage(self, tmp_path_factory, tree, suffix, pax, deep, data):
        """However an archive is damaged, it is a plain tree in its place or refused, and nothing else is touched."""
        root = tmp_path_factory.mktemp("tree")
        pairs = [*PROJECT.items(), *tree.items()]
        if suffix == ".zip" or not deep:
            content = damaged(packed(suffix, *pairs, pax=pax), data)
        else:  # so that the checksums of what it is packed by don't see it
            content = PACKINGS[suffix](damaged(tarred(pairs, pax=pax), data))
        archive = root / f"x{suffix}"
        archive.write_bytes(content)
        message = refusal_if_any(archive, root / "target")
        assert harmless(message)
        assert message or files_of(root / "target")
        assert {path.name for path in root.iterdir()} <= {archive.name, "target"}
        assert archive.read_bytes() == content
        kinds = {stat.S_IFMT(path.lstat().st_mode) for path in (root / "target").rglob("*")}
        assert kinds <= {stat.S_IFREG, stat.S_IFDIR}
        assert sum(map(len, files_of(root / "target").values())) <= intake.MAX_BYTES

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
    @given(
        suffix=st.sampled_from([".zip", ".tar"]),
        names=st.lists(
            st.lists(st.sampled_from(["..", ".", "", "a", "A", "b", "C:", "\\", "\x01", "é", "e\u0301"]), max_size=4)
            .map("/".join)
            .filter(bool),
            min_size=1,
            max_size=5,
            unique=True,
        ),
    )  # fmt: skip
    def test_odd_names(self, tmp_path_factory, suffix, names):
        """Whatever names an archive has, all that it writes is in its place, under names that fit any system."""
        root = tmp_path_factory.mktemp("tree")
        archive = root / f"x{suffix}"
        archive.write_bytes(packed(suffix, *((name, b"") for name in names)))
        assert harmless(refusal_if_any(archive, root / "target"))
        assert {path.name for path in root.iterdir()} <= {archive.name, "target"}
        written = [path.relative_to(root / "target").parts for path in (root / "target").rglob("*")]
        assert len({archives._case_folded(parts) for parts in written}) == len(written)


def damaged(content, data):
    """Flip, cut, insert or repeat bytes, a few times, mostly where headers are."""
    content = bytearray(content)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        if data.draw(st.booleans()):
            at = max(0, len(content) - 1 - at % 200)
        how = data.draw(st.sampled_from(["flip", "set", "cut", "insert", "drop", "repeat"]))
        if how == "flip":
            content[at : at + 1] = bytes(byte ^ 1 << data.draw(st.integers(0, 7)) for byte in content[at : at + 1])
        elif how == "set":
            raw = data.draw(st.sampled_from([b"\xff" * 8, bytes(8), b"\x7f\xff\xff\xff", b"../", b"PK\x05\x06", b"2"]))
            content[at : at + len(raw)] = raw
        elif how == "cut":
            del content[at:]
        elif how == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        elif how == "drop":
            del content[at : at + data.draw(st.integers(1, 600))]
        else:
            content[at:at] = content[at : at + 512]
    return bytes(content)
