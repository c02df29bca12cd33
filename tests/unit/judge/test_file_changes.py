import pytest

from grader.judge.file_changes import edit, put


def test_put(folder):
    """Files are written below folders that are made for them: text in UTF-8, bytes as they are."""
    put(folder, {"a b/.c/häfen.txt": "häfen\n", "raw": b"\xff\r\n"})
    assert (folder / "a b/.c/häfen.txt").read_bytes() == "häfen\n".encode()
    assert (folder / "raw").read_bytes() == b"\xff\r\n"


def test_put_in_place_of_others(folder):
    """What stands in the way goes: a folder where a file is to be, a file where a folder is to be, and an old file."""
    (folder / "table.csv" / "deep").mkdir(parents=True)
    (folder / "data").write_text("")
    (folder / "old").write_text("longer than the new one")
    put(folder, {"table.csv": "7.5", "data/more/x": "", "old": "new"})
    assert (folder / "table.csv").read_text() == "7.5"
    assert (folder / "data/more/x").is_file()
    assert (folder / "old").read_text() == "new"


def test_put_leaves_the_others(folder):
    """Files beside those that are put stay as they are."""
    (folder / "data").mkdir()
    (folder / "data" / "mine").write_text("mine")
    put(folder, {"data/yours": ""})
    assert (folder / "data" / "mine").read_text() == "mine"


def test_edit(folder):
    """Every place of the old text becomes the new one, and a file that holds no text at all can be edited, too."""
    (folder / "x").write_bytes(b"\xff DEPTH = 3, DEPTH = 3")
    (folder / "y").write_text("nothing of it")
    edit(folder, {"x": ("DEPTH = 3", "DEPTH = ø"), "y": ("DEPTH = 3", "")})
    assert (folder / "x").read_bytes() == b"\xff " + "DEPTH = ø, DEPTH = ø".encode()
    assert (folder / "y").read_text() == "nothing of it"


def test_edit_of_nothing(folder):
    """Where there is no such file that is an error, which its caller tells the learner."""
    with pytest.raises(FileNotFoundError):
        edit(folder, {"x": ("a", "b")})
