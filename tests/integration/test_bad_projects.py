"""Projects that can't be taken in: a sentence names what is wrong, and nothing is touched, followed or left behind."""

import os
import shutil
import stat
import zipfile

import pytest

NAME = "01_greeting"


@pytest.fixture
def project(tiny, tmp_path):
    """A right answer in a folder of its own."""
    return shutil.copytree(tiny / "solutions" / NAME / "reference", tmp_path / "project")


@pytest.fixture
def refused(kata, tiny):
    """Grade a folder that can't be graded, alone and in a workspace; gives the one sentence."""

    def run(folder, *arguments):
        before = snapshot(folder)
        seen = kata("--catalog", tiny, "grade", "1", "--project", folder, *arguments)
        assert (seen.returncode, seen.stdout) == (2, ""), seen.stderr
        (line,) = seen.stderr.strip().splitlines()
        assert snapshot(folder) == before
        assert list(kata.cwd.iterdir()) == []
        assert kata.left() == ([], [])
        return line

    return run


def snapshot(folder):
    """All that there is to know of a folder, links not followed."""
    found = {}
    for path in (folder, *folder.rglob("*")) if folder.is_dir() else (folder,):
        if not os.path.lexists(path):
            continue
        about = path.lstat()
        plain = stat.S_ISREG(about.st_mode) and about.st_size < 1 << 20
        content = path.read_bytes() if plain else b""
        found[os.fsencode(path)] = (about.st_mode, about.st_ino, about.st_size, about.st_mtime_ns, content)
    return found


def test_missing(refused, tmp_path):
    """A project that isn't there is named."""
    said = refused(tmp_path / "nowhere")
    assert f"{tmp_path / 'nowhere'} is not there" in said


def test_file(refused, project):
    """A file is no project."""
    assert f"{project / 'hello.py'} is not a folder" in refused(project / "hello.py")


@pytest.mark.parametrize("target", ["hello.py", "nowhere", "/etc/hostname", ".", "..", "loop"])
def test_link(refused, project, target):
    """A symbolic link in a project is refused, wherever it leads, and not followed."""
    (project / "loop").symlink_to(target)
    assert f"{project / 'loop'} is a symbolic link" in refused(project)


def test_folder_of_links(refused, project, tmp_path):
    """A link is found however deep it lies, and by whatever name; a cache may be one, as it is left out."""
    (project / "a" / "b").mkdir(parents=True)
    (project / "a" / "__pycache__").symlink_to(tmp_path)
    (project / "a" / "b" / "hello.py").symlink_to(project / "hello.py")
    assert f"{project / 'a' / 'b' / 'hello.py'} is a symbolic link" in refused(project)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_named_pipe(refused, project):
    """A named pipe is refused, and nobody waits for the other end."""
    os.mkfifo(project / "pipe")
    assert f"{project / 'pipe'} is a named pipe" in refused(project)


def test_socket(refused, project, monkeypatch):
    """A socket is refused."""
    socket = pytest.importorskip("socket")
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("there are no sockets in folders here")
    monkeypatch.chdir(project)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("door")
        assert f"{project / 'door'} is a socket" in refused(project)


def test_device(refused, project):
    """A device is refused, and not read."""
    try:
        os.mknod(project / "zero", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except (AttributeError, PermissionError) as error:
        pytest.skip(f"a device can't be made here: {error}")
    assert f"{project / 'zero'} is a device" in refused(project)


def test_many_files(refused, project):
    """Thousands of files are no project."""
    (project / "tides").mkdir()
    for number in range(3000):
        (project / "tides" / f"{number}.txt").touch()
    said = refused(project)
    assert str(project / "tides") in said
    assert "2000 files" in said


@pytest.mark.parametrize("size", [(8 << 20) + 1, 1 << 40])
def test_huge_file(refused, project, size):
    """A huge file is refused by its size, before it is read."""
    with (project / "depths.bin").open("wb") as file:
        file.truncate(size)
    said = refused(project)
    assert str(project / "depths.bin") in said
    assert f"{size:,}" in said


def test_much_in_all(refused, project):
    """Files that are too much together are refused."""
    for number in range(5):
        with (project / f"depths{number}.bin").open("wb") as file:
            file.truncate(7 << 20)
    assert str(project / "depths") in refused(project)


def test_deep_folders(refused, project):
    """Folders in folders in folders are refused, before a path gets too long."""
    (project / "/".join(["deep"] * 40)).mkdir(parents=True)
    assert "nested" in refused(project)


def test_name_that_is_no_text(refused, project):
    """A name that isn't UTF-8 is refused, and shown in a way that every terminal can show."""
    try:
        os.close(os.open(os.fsencode(project) + b"/tide\xff\x1b.py", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        pytest.skip(f"the file system refuses such names itself: {error}")
    said = refused(project)
    assert "UTF-8" in said
    assert "tide" in said
    assert said.isprintable()


@pytest.mark.parametrize("name", ["\x1b[2Jtide", "tide\u202eyp", "two\nlines"])
def test_name_that_acts_on_a_terminal(refused, project, name):
    """A refused name is shown with escapes in place of what a terminal would act on."""
    (project / name).symlink_to("hello.py")
    said = refused(project)
    assert "symbolic link" in said
    assert said.isprintable()


@pytest.mark.parametrize("format_", ["json", "junit", "markdown"])
def test_any_format(refused, project, format_):
    """Whatever the format, what can't be graded is no report."""
    (project / "link").symlink_to("hello.py")
    assert "symbolic link" in refused(project, "--format", format_)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_one_of_a_workspace(kata, lay_out, exercises, tmp_path, jobs):
    """One bad project of a workspace is named, whoever reads it; no report is made, and no time spent on the rest."""
    workspace = tmp_path / "workspace"
    for name in exercises:
        lay_out(name, workspace / name)
    bad = workspace / list(exercises)[2]
    (bad / "link").symlink_to("/etc/passwd")
    before = snapshot(workspace)
    seen = kata("grade", "--workspace", workspace, "--jobs", jobs, "--format", "json")
    assert (seen.returncode, seen.stdout) == (2, ""), seen.stderr
    (line,) = seen.stderr.strip().splitlines()
    assert f"{bad / 'link'} is a symbolic link" in line
    assert snapshot(workspace) == before


def test_project_behind_a_link(kata, tiny, project, tmp_path):
    """The project itself may be named by a link: that is the user's own doing."""
    (tmp_path / "current").symlink_to(project)
    report = kata.report("1", "--project", tmp_path / "current", catalog=tiny)
    assert report["score"] == 100


def test_what_tools_leave(kata, tiny, project):
    """Caches, version control, virtualenvs and builds are neither read nor graded, whatever is in them."""
    plain = kata.report("1", "--project", project, catalog=tiny)
    for name in (".git", "__pycache__", ".venv", "build", "hello.egg-info", "environment"):
        (project / name).mkdir()
        (project / name / "link").symlink_to("/etc/passwd")
    (project / "environment" / "pyvenv.cfg").touch()
    cluttered = kata.report("1", "--project", project, catalog=tiny)
    del plain["timing"], cluttered["timing"]
    assert cluttered == plain


@pytest.mark.sweep
@pytest.mark.parametrize("format_", ["zip", "tar", "gztar", "bztar", "xztar"])
@pytest.mark.parametrize("wrapped", [True, False])
def test_archive(kata, tiny, project, tmp_path, format_, wrapped):
    """An archive of a project is graded as the folder is, with a folder around its files or without."""
    (project / "__pycache__").mkdir()
    (project / "__pycache__" / "link").symlink_to("/etc/passwd")
    base = (tmp_path, "project") if wrapped else (project, None)
    archive = shutil.make_archive(str(tmp_path / "submission"), format_, *base)
    plain = kata.report("1", "--project", project, catalog=tiny)
    packed = kata.report("1", "--project", archive, catalog=tiny)
    assert packed["score"] == 100
    del plain["timing"], packed["timing"]
    assert packed == plain


def test_archive_of_a_package(kata, lay_out, solutions, tmp_path):
    """Where a project is one folder and nothing else, that folder isn't taken for what is around a project."""
    name = next(name for name in solutions if name.startswith("03_"))
    project = lay_out(name, reference=True)
    assert len(list(project.iterdir())) == 1
    archive = shutil.make_archive(str(tmp_path / "submission"), "zip", project)
    assert kata.report("3", "--project", archive)["score"] == 100


def test_hostile_zip(refused, project, tmp_path):
    """A zip that leads elsewhere is refused, and nothing is written there."""
    (tmp_path / "x").mkdir()
    path = tmp_path / "x" / "submission.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(project / "hello.py", "hello.py")
        archive.writestr("../../\x1b[31mevil.py", "print('evil')")
    said = refused(path)
    assert str(path) in said
    assert "leads out of the project; pack the project's own files alone." in said
    assert said.isprintable()
    assert list(tmp_path.rglob("*evil*")) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("submission.zip", b"PK\x03\x04" + bytes(100), "is damaged, or not what its name says"),
        ("submission.tar.gz", b"hello", "is damaged, or not what its name says"),
        ("submission.tgz", b"", "is empty"),
        ("submission.rar", b"Rar!", "is not a folder, nor a .zip, "),
    ],
)
def test_no_archive(refused, tmp_path, name, content, words):
    """What can't be unpacked is refused by a sentence that says so."""
    (tmp_path / name).write_bytes(content)
    assert words in refused(tmp_path / name)
