import errno
import os

import pytest

from grader.judge import project_files


@pytest.fixture
def root(tmp_path):
    """The folder of an attempt: a project, a copy of it, and a file that is none of the learner's."""
    for name in (
        "project/lib/report.py",
        "project/data",
        "copies/1/the quay/data",
        "taken/2/x-1/x-1/data",
        "env/x.cfg",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("project/lib/tides.py", "lib/tides.py is missing from your project."),
        ("project/bin/more/tides.py", "bin/ is missing from your project."),
        ("project/lib", "lib is a folder in your project; it must be a file."),
        ("project/data/tides.py", "data is a file in your project; it must be a folder."),
        ("copies/1/the quay/tides.py", "tides.py is missing from your project."),
        ("taken/2/x-1/x-1/setup.py", "setup.py is missing from your project."),
        ("env/y.cfg", ""),
        ("elsewhere", ""),
        ("../elsewhere", ""),
    ],
)
def test_reading(root, name, says):
    """A file of the project that can't be read is named from the project's folder; one of ours is not its business."""
    with pytest.raises(OSError, match=r"No such|director") as caught:
        (root / name).read_bytes()
    assert project_files.trouble(caught.value, root) == says


def test_listing(root):
    """The same holds for folders, where a file stands in their place, too."""
    for name, says in {"bin": "bin is missing from", "data": "data is a file in"}.items():
        with pytest.raises(OSError, match=r"No such|director") as caught:
            list((root / "project" / name).iterdir())
        assert project_files.trouble(caught.value, root).startswith(says)


def test_other_errors(root):
    """What else can come of a project's files is told as the system says it."""
    path = str(root / "project" / "data")
    refused = OSError(errno.ENAMETOOLONG, "File name too long", path)
    assert project_files.trouble(refused, root) == "data in your project can't be used: File name too long."


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EMFILE, errno.ENOMEM, errno.EACCES, errno.ESTALE])
def test_machine(root, number):
    """A disk that is full or fails is never the learner's fault, whichever file was to be read."""
    assert project_files.trouble(OSError(number, os.strerror(number), str(root / "project" / "data")), root) == ""


def test_attempt_gone(root):
    """Where somebody removed the attempt's own folders, no file of the project is to blame."""
    gone = str(root / "copies" / "2" / "the quay" / "data")
    assert project_files.trouble(FileNotFoundError(errno.ENOENT, "No such file", gone), root) == ""


@pytest.mark.parametrize("error", [OSError("no file is named"), ValueError("project/lib"), OSError(errno.EIO, "x", 3)])
def test_no_file(root, error):
    """An error that names no file of the project is none of the learner's."""
    assert project_files.trouble(error, root) == ""


def test_folder_that_has_to_be_there(root):
    """A folder of the project that isn't there, or is a file, is said to be missing, or to be one."""
    assert project_files.lacking(root / "project" / "lib", "lib") == ""
    assert project_files.lacking(root / "project" / "core", "core") == "core/ is missing from your project."
    assert project_files.lacking(root / "project" / "data", "data").startswith("data is a file in your project;")
