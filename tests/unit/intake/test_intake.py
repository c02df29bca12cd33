import contextlib
import os
import socket
import stat
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import intake
from grader.errors import IntakeError, UsageError

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")


@pytest.fixture
def source(folder):
    """A small project."""
    path = folder / "source"
    (path / "lib").mkdir(parents=True)
    (path / "report.py").write_text("import soundings\n")
    (path / "lib" / "soundings.py").write_text("DEPTHS = {}\n")
    return path


@pytest.fixture
def target(folder):
    """Where nothing is yet."""
    return folder / "target"


def files_of(folder):
    """Names and contents of all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def state_of(folder):
    """All that a reader could have changed of a folder by accident; times of reading may change."""
    return {
        str(path): (status.st_mode, status.st_size, status.st_mtime_ns, status.st_ino)
        for path in (folder, *folder.rglob("*"))
        for status in (path.lstat(),)
    }


def refusal(source, target):
    """What is said of a project that can't be taken in."""
    with pytest.raises(IntakeError) as caught:
        intake.take_in(source, target)
    return str(caught.value)


class TestPlainProjects:
    """What is taken in is copied as it is."""

    def test_copy(self, source, target):
        """Every plain file arrives under its name, byte for byte."""
        intake.take_in(source, target)
        assert files_of(target) == files_of(source)

    def test_source_is_unchanged(self, source, target):
        """Nothing of the source is changed: no bytes, no times, no modes, no new files."""
        (source / "build").mkdir()
        (source / "tool.py").touch(mode=0o700)
        before, content = state_of(source), files_of(source)
        intake.take_in(source, target)
        intake.lay_over(("report.py",), source, target)
        assert state_of(source) == before
        assert files_of(source) == content

    @posix
    def test_source_can_be_read_only(self, source, target):
        """A source that nobody may write to is taken in, and the copy can be written to."""
        (source / "report.py").chmod(0o444)
        source.chmod(0o555)
        intake.take_in(source, target)
        source.chmod(0o755)
        assert (target / "report.py").stat().st_mode & stat.S_IWUSR
        assert target.stat().st_mode & stat.S_IWUSR

    def test_copy_is_independent(self, source, target):
        """Changing the copy doesn't change the source, so no file is linked."""
        intake.take_in(source, target)
        (target / "report.py").write_text("changed")
        assert (source / "report.py").read_text() == "import soundings\n"

    def test_empty_folders(self, source, target):
        """An empty folder is part of a project: it can be a namespace package."""
        (source / "empty" / "inner").mkdir(parents=True)
        intake.take_in(source, target)
        assert (target / "empty" / "inner").is_dir()

    def test_empty_project(self, folder, target):
        """A project may hold nothing at all."""
        (folder / "nothing").mkdir()
        intake.take_in(folder / "nothing", target)
        assert files_of(target) == {}

    def test_empty_file(self, source, target):
        """A file may hold nothing at all."""
        (source / "__init__.py").touch()
        intake.take_in(source, target)
        assert (target / "__init__.py").read_bytes() == b""

    @pytest.mark.parametrize("name", ["charts of May", "häfen", "-rf", "$(true)", "日本", "a" * 200, "..hidden"])
    def test_unusual_names(self, folder, name):
        """Spaces, other scripts, and what a shell would take for something else: names are names."""
        (folder / name / name).mkdir(parents=True)
        (folder / name / name / f"{name}.py").write_text("x = 1\n")
        intake.take_in(folder / name, folder / "to" / name)
        assert files_of(folder / "to" / name) == {f"{name}/{name}.py": b"x = 1\n"}

    def test_relative_source(self, source, target, monkeypatch):
        """The source may be named from the current folder."""
        monkeypatch.chdir(source.parent)
        intake.take_in(Path("source"), target)
        assert files_of(target) == files_of(source)

    @posix
    def test_linked_source(self, source, target):
        """The folder that is named may itself be a link: whoever names it has chosen it."""
        link = source.parent / "link"
        link.symlink_to(source)
        intake.take_in(link, target)
        assert files_of(target) == files_of(source)

    @posix
    @pytest.mark.parametrize(("mode", "runs"), [(0o755, True), (0o700, True), (0o644, False), (0o4755, True)])
    def test_executable_bit(self, source, target, mode, runs):
        """A script that can be executed still can be, and no other bit of a mode is taken over."""
        (source / "tool.py").touch()
        (source / "tool.py").chmod(mode)
        intake.take_in(source, target)
        taken = stat.S_IMODE((target / "tool.py").stat().st_mode)
        assert bool(taken & stat.S_IXOTH) is runs
        assert taken & ~0o777 == 0

    @posix
    def test_open_descriptors(self, source, target):
        """Nothing stays open, be the project fine or refused."""
        if not Path("/dev/fd").is_dir():
            pytest.skip("this system doesn't list open descriptors")
        before = len(list(Path("/dev/fd").iterdir()))
        intake.take_in(source, target)
        (source / "zz").symlink_to("report.py")
        refusal(source, target.with_name("again"))
        assert len(list(Path("/dev/fd").iterdir())) == before


class TestLeftOut:
    """What tools leave beside the work is not part of an answer."""

    @pytest.mark.parametrize(
        "name",
        [
            "__pycache__",
            "__PyCache__",
            ".git",
            ".venv",
            "venv",
            ".tox",
            ".nox",
            ".idea",
            ".vscode",
            "node_modules",
            ".mypy_cache",
            ".pytest_cache",
            ".ruff_cache",
            ".eggs",
            "tidelog.egg-info",
            "Tidelog.EGG-INFO",
        ],
    )
    @pytest.mark.parametrize("where", [".", "lib"])
    def test_folders(self, source, target, name, where):
        """Caches, repositories, virtualenvs and metadata of builds are left out, at any depth."""
        (source / where / name).mkdir()
        (source / where / name / "x.py").write_text("x = 1\n")
        intake.take_in(source, target)
        assert sorted(files_of(target)) == ["lib/soundings.py", "report.py"]
        assert not (target / where / name).exists()

    @pytest.mark.parametrize("name", ["my env", "lib/python"])
    def test_virtualenv_by_any_name(self, source, target, name):
        """A folder with a pyvenv.cfg is a virtualenv, whatever it is called."""
        (source / name).mkdir(parents=True)
        (source / name / "pyvenv.cfg").write_text("home = /usr\n")
        (source / name / "site.py").write_text("")
        intake.take_in(source, target)
        assert not (target / name).exists()
        assert (target / "lib" / "soundings.py").exists()

    @pytest.mark.parametrize("name", ["build", "dist"])
    def test_builds_at_the_top_only(self, source, target, name):
        """A stale build at the top is left out; a package called build or dist further down is the learner's."""
        for where in (".", "lib"):
            (source / where / name).mkdir()
            (source / where / name / "__init__.py").touch()
        intake.take_in(source, target)
        assert not (target / name).exists()
        assert (target / "lib" / name / "__init__.py").exists()

    @pytest.mark.parametrize("name", ["build", "dist", "venv", "node_modules", "tidelog.egg-info", "__pycache__"])
    def test_files_of_such_names(self, source, target, name):
        """A plain file is taken in even if a folder of its name would not be."""
        (source / name).write_text("x")
        intake.take_in(source, target)
        assert (target / name).read_text() == "x"

    @pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini"])
    def test_files_of_desktops(self, source, target, name):
        """What file managers scatter is left out at any depth."""
        (source / name).write_text("x")
        (source / "lib" / name).write_text("x")
        intake.take_in(source, target)
        assert sorted(files_of(target)) == ["lib/soundings.py", "report.py"]

    def test_count_for_nothing(self, source, target):
        """What is left out counts neither as files nor as bytes."""
        (source / ".git").mkdir()
        for number in range(intake.MAX_FILES):
            (source / ".git" / str(number)).touch()
        with (source / ".git" / "pack").open("wb") as pack:
            pack.truncate(intake.MAX_FILE_BYTES + 1)
        intake.take_in(source, target)
        assert files_of(target) == files_of_the_small_project()

    @posix
    def test_linked_virtualenv(self, source, target):
        """A link of a left-out folder's name is left out like the folder, wherever it leads."""
        (source / ".venv").symlink_to("/")
        (source / "lib" / "node_modules").symlink_to("..")
        intake.take_in(source, target)
        assert sorted(files_of(target)) == ["lib/soundings.py", "report.py"]

    @posix
    def test_what_is_in_them_is_not_looked_at(self, source, target):
        """Links, pipes and odd names inside of a left-out folder trouble nobody."""
        (source / "venv" / "bin").mkdir(parents=True)
        (source / "venv" / "bin" / "python").symlink_to("/usr/bin/python3")
        os.mkfifo(source / "venv" / "pipe")
        intake.take_in(source, target)
        assert not (target / "venv").exists()


def files_of_the_small_project():
    """What the `source` fixture lays out."""
    return {"report.py": b"import soundings\n", "lib/soundings.py": b"DEPTHS = {}\n"}


class TestRefused:
    """What is no plain file or folder, or too much of it, is refused with its name and the reason."""

    @pytest.mark.parametrize(("name", "reason"), [("gone", "not there"), ("report.py", "not a folder")])
    def test_no_folder(self, source, target, name, reason):
        """A project that isn't there, or is a file, is refused, and what to name instead is said."""
        message = refusal(source / name, target)
        assert reason in message
        assert "name the folder that holds its files" in message
        assert not target.exists()

    @posix
    @pytest.mark.parametrize("leads_to", ["report.py", "lib", "gone", "/etc/passwd", "/", ".", "link"])
    def test_links(self, source, target, leads_to):
        """A link is refused, whether to a file, a folder, nothing, the outside or itself, and is not followed."""
        (source / "link").symlink_to(leads_to)
        message = refusal(source, target)
        assert f"{source / 'link'} is a symbolic link" in message
        assert not os.path.lexists(target / "link")

    @posix
    def test_dangling_link_of_a_left_out_name(self, source, target):
        """A link to nothing is refused by any name: nobody knows what it was to be."""
        (source / "lib" / "venv").symlink_to("gone")
        assert "symbolic link" in refusal(source, target)

    @posix
    @pytest.mark.timeout(30)
    def test_pipe(self, source, target):
        """A named pipe is refused without waiting for somebody to write to it."""
        os.mkfifo(source / "pipe")
        assert f"{source / 'pipe'} is a named pipe" in refusal(source, target)

    @posix
    def test_socket(self, source, target, monkeypatch):
        """A socket is refused."""
        monkeypatch.chdir(source)  # the names of sockets are short
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
            listener.bind("socket")
            assert f"{source / 'socket'} is a socket" in refusal(source, target)

    @posix
    def test_device(self, source, target):
        """A device is refused without being opened."""
        try:
            os.mknod(source / "zero", stat.S_IFCHR | 0o666, os.makedev(1, 5))
        except PermissionError:
            pytest.skip("only root can make devices")
        assert f"{source / 'zero'} is a device" in refusal(source, target)

    @posix
    @pytest.mark.parametrize("name", ["report.py", "lib"])
    def test_unreadable(self, source, target, name):
        """A file or folder that can't be read is named, with the system's reason."""
        if os.geteuid() == 0:
            pytest.skip("root can read everything")
        (source / name).chmod(0)
        message = refusal(source, target)
        (source / name).chmod(0o755)
        assert "Permission denied" in message
        assert str(source / name) in message

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
    @pytest.mark.parametrize("make", [os.mkdir, os.mknod])
    def test_name_that_is_not_utf8(self, source, target, make):
        """A name that isn't UTF-8 is refused by a message that can be printed."""
        make(os.fsencode(source) + b"/caf\xe9")
        message = refusal(source, target)
        assert "not UTF-8" in message
        assert "caf" in message.encode("utf-8").decode()

    @posix
    @pytest.mark.parametrize("name", ["\x1b[2J\x1b[31m", "line\nbreak", "bell\a", "\u202egnp", "\x9b2J"])
    def test_message_about_a_hostile_name(self, source, target, name):
        """A name can't act on the terminal that shows the message, nor add lines to it."""
        os.mkfifo(source / name)
        message = refusal(source, target)
        assert [char for char in message if unicodedata.category(char).startswith("C")] == []

    def test_refusal_is_wrong_usage(self, source, target):
        """Being unable to take a project in is nobody's zero: it is reported as wrong usage."""
        assert issubclass(IntakeError, UsageError)
        assert refusal(source / "gone", target)


class TestTooMuch:
    """Sizes, counts and depths are bounded while copying, whatever the file system says of them."""

    def test_number_of_files(self, source, target):
        """As many files and folders as allowed are taken in; with one more, whoever asked may have the wrong folder."""
        for number in range(intake.MAX_FILES - 3):
            (source / f"{number}.txt").touch()
        intake.take_in(source, target)
        assert len(files_of(target)) == intake.MAX_FILES - 1
        (source / "one_more.txt").touch()
        message = refusal(source, target.with_name("again"))
        assert f"over {intake.MAX_FILES} files" in message
        assert "right folder?" in message

    def test_too_large_file(self, source, target):
        """A file that is too large is refused by its size, before it is read: it may be sparse and without end."""
        with (source / "large.bin").open("wb") as large:
            large.truncate(1 << 40 if sys.platform == "linux" else intake.MAX_FILE_BYTES + 1)
        message = refusal(source, target)
        assert "large.bin" in message
        assert f"at most {intake.MAX_FILE_BYTES:,}" in message

    def test_largest_file(self, source, target):
        """A file of just the largest size is taken in whole."""
        with (source / "large.bin").open("wb") as large:
            large.truncate(intake.MAX_FILE_BYTES)
        intake.take_in(source, target)
        assert (target / "large.bin").stat().st_size == intake.MAX_FILE_BYTES

    def test_too_many_bytes_in_all(self, source, target):
        """Files that are fine one by one may be too much together."""
        for number in range(intake.MAX_BYTES // intake.MAX_FILE_BYTES + 1):
            with (source / f"{number}.bin").open("wb") as large:
                large.truncate(intake.MAX_FILE_BYTES)
        assert f"over {intake.MAX_BYTES:,} bytes" in refusal(source, target)

    def test_most_bytes_in_all(self, source, target):
        """Files of just as many bytes as allowed are taken in."""
        rest = intake.MAX_BYTES - sum(len(content) for content in files_of(source).values())
        for number in range(rest // intake.MAX_FILE_BYTES + 1):
            with (source / f"{number}.bin").open("wb") as large:
                large.truncate(min(intake.MAX_FILE_BYTES, rest - number * intake.MAX_FILE_BYTES))
        intake.take_in(source, target)
        assert sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) == intake.MAX_BYTES

    def test_too_deep(self, source, target):
        """Folders nested without end are refused."""
        deep = source.joinpath(*["d"] * 40)
        deep.mkdir(parents=True)
        assert "deep" in refusal(source, target)

    def test_deep_enough(self, source, target):
        """Thirty folders deep is still a project."""
        deep = source.joinpath(*["d"] * 30)
        deep.mkdir(parents=True)
        (deep / "x.py").touch()
        intake.take_in(source, target)
        assert target.joinpath(*["d"] * 30, "x.py").exists()

    def test_long_path(self, source, target):
        """A path that could be too long where the project is copied to is refused, whatever the names in it."""
        fits = source.joinpath("d" * 249, "e" * 249, "ä" * 124 + "e")  # 750 bytes, with the slash that follows
        fits.mkdir(parents=True)
        (fits / ("x" * 250)).touch()
        intake.take_in(source, target)
        (fits / ("x" * 251)).touch()
        said = refusal(source, target.with_name("another"))
        assert "x" * 251 in said
        assert "1,000 bytes" in said


NAMES = st.text(
    st.characters(categories=["L", "N"], include_characters="-_. ", max_codepoint=0x2FFF), min_size=1
).filter(lambda name: name.strip(". ") == name and name.isprintable() and unicodedata.is_normalized("NFC", name))
TREES = st.dictionaries(
    st.lists(NAMES.map(str.lower).map(lambda name: f"x{name[:20]}"), min_size=1, max_size=4).map("/".join),
    st.binary(max_size=200),
    max_size=8,
)


def lay_out(tree, folder):
    """Write a tree of files; gives those that could be written, since a file can't also be a folder."""
    written = {}
    for name, content in tree.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError:
            continue
        written[name] = content
    return written


class TestRandomTrees:
    """Properties of any tree of plain files."""

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(tree=TREES)
    def test_round_trip(self, tmp_path_factory, tree):
        """Any tree of plain files arrives as it is, and the copy of the copy has the same digest."""
        folder = tmp_path_factory.mktemp("tree")
        (folder / "source").mkdir()
        written = lay_out(tree, folder / "source")
        intake.take_in(folder / "source", folder / "copy")
        intake.take_in(folder / "copy", folder / "again")
        assert files_of(folder / "copy") == files_of(folder / "source")
        assert len(files_of(folder / "copy")) == len(written)
        assert intake.digest(folder / "copy") == intake.digest(folder / "again")

    @settings(max_examples=60)
    @given(tree=TREES.filter(bool), data=st.data())
    def test_digest_notices_every_edit(self, tmp_path_factory, tree, data):
        """Changing, removing, renaming or adding any file changes the digest."""
        folder = tmp_path_factory.mktemp("tree")
        written = lay_out(tree, folder)
        before = intake.digest(folder)
        path = folder / data.draw(st.sampled_from(sorted(written)))
        edit = data.draw(st.sampled_from(["change", "remove", "rename", "add"]))
        if edit == "change":
            path.write_bytes(path.read_bytes() + b"#")
        elif edit == "remove":
            path.unlink()
        elif edit == "rename":
            path.rename(path.with_name("renamed"))
        else:
            (folder / "added").touch()
        assert intake.digest(folder) != before

    @settings(max_examples=40)
    @given(first=st.binary(max_size=40), second=st.binary(max_size=40), cut=st.integers(0, 80))
    def test_digest_knows_where_files_end(self, tmp_path_factory, first, second, cut):
        """The same bytes, divided otherwise between two files, are another project."""
        both = first + second
        digests = set()
        for at in {len(first), min(cut, len(both))}:
            folder = tmp_path_factory.mktemp("tree")
            (folder / "a").write_bytes(both[:at])
            (folder / "b").write_bytes(both[at:])
            digests.add(intake.digest(folder))
        assert len(digests) == len({len(first), min(cut, len(both))})

    def test_digest_of_names(self, folder):
        """A name can't pass for another file's content."""
        digests = set()
        for number, files in enumerate(({"a": b"b"}, {"a b": b""}, {"a": b"", "b": b""}, {"a/b": b""})):
            root = folder / str(number)
            root.mkdir()
            lay_out(files, root)
            digests.add(intake.digest(root))
        assert len(digests) == 4
