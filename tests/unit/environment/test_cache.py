import os
import threading

import pytest

from grader.environment import cache


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    """A cache that holds nothing, and isn't even there yet."""
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def everything_in(folder):
    """All names below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def fill(folder):
    """Make something of two files."""
    (folder / "inner").mkdir()
    (folder / "a").write_text("a")
    (folder / "inner" / "b").write_text("b")


def test_folder_can_be_chosen(empty_cache, monkeypatch):
    """The variable moves the cache; a relative path is one from the current folder."""
    assert cache.folder() == empty_cache
    monkeypatch.chdir(empty_cache.parent)
    monkeypatch.setenv(cache.FOLDER_VARIABLE, "here")
    assert cache.folder() == empty_cache.parent / "here"


@pytest.mark.parametrize("value", [None, ""])
def test_folder_of_the_user(monkeypatch, value):
    """Without the variable, or with an empty one, the cache is in the user's own folder."""
    if value is None:
        monkeypatch.delenv(cache.FOLDER_VARIABLE)
    else:
        monkeypatch.setenv(cache.FOLDER_VARIABLE, value)
    assert cache.folder().is_absolute()
    assert "import-kata" in str(cache.folder())


def test_made_once(empty_cache):
    """What is there isn't made again."""
    made = []

    def make(folder):
        made.append(folder)
        fill(folder)

    first, second = cache.get_or_make("kind/x", make), cache.get_or_make("kind/x", make)
    assert first == second == empty_cache / "kind" / "x"
    assert len(made) == 1
    assert everything_in(empty_cache) == ["kind", "kind/x", "kind/x/a", "kind/x/inner", "kind/x/inner/b"]


def test_not_there_before_it_is_whole(empty_cache):
    """While it is being made, nobody finds it under its name."""

    def make(folder):
        fill(folder)
        assert not (empty_cache / "kind" / "x").exists()

    assert cache.get_or_make("kind/x", make).is_dir()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_maker_that_raises(empty_cache, error):
    """A maker that is broken or interrupted leaves nothing behind, and the next one starts afresh."""

    def make(folder):
        fill(folder)
        raise error

    with pytest.raises(error):
        cache.get_or_make("kind/x", make)
    assert everything_in(empty_cache) == ["kind"]
    assert cache.get_or_make("kind/x", fill).is_dir()


def test_maker_that_makes_its_own_folder(empty_cache):
    """A maker may replace the folder that it was given."""

    def make(folder):
        folder.rmdir()
        folder.mkdir()
        fill(folder)

    assert (cache.get_or_make("kind/x", make) / "inner" / "b").read_text() == "b"
    assert "kind/x" in everything_in(empty_cache)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_others_may_read_it():
    """Executions may run as another user, who has to be able to look into it."""
    assert cache.get_or_make("kind/x", fill).stat().st_mode & 0o555 == 0o555


def test_two_makers_race(empty_cache):
    """Two that make the same at once both get one whole folder, and nothing else is left."""
    both = threading.Barrier(2, timeout=30)
    results = []

    def make(folder):
        both.wait()  # neither finds it made
        fill(folder)

    threads = [threading.Thread(target=lambda: results.append(cache.get_or_make("kind/x", make))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == [empty_cache / "kind" / "x"] * 2
    assert everything_in(empty_cache) == ["kind", "kind/x", "kind/x/a", "kind/x/inner", "kind/x/inner/b"]


def test_faster_maker(empty_cache):
    """If somebody else, as another process, was faster, what they made is taken, and ours is thrown away."""

    def make(folder):
        (folder / "slower").touch()
        cache.get_or_make("kind/x", fill)

    assert cache.get_or_make("kind/x", make) == empty_cache / "kind" / "x"
    assert everything_in(empty_cache) == ["kind", "kind/x", "kind/x/a", "kind/x/inner", "kind/x/inner/b"]


def test_file_in_the_way(empty_cache):
    """A file under its name is an error, not a result."""
    (empty_cache / "kind").mkdir(parents=True)
    (empty_cache / "kind" / "x").write_text("")
    with pytest.raises(NotADirectoryError if os.name == "posix" else OSError):
        cache.get_or_make("kind/x", fill)
    assert everything_in(empty_cache) == ["kind", "kind/x"]
