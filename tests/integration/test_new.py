"""`kata new`: the first minute of an exercise's author."""

import platform
import shlex
from pathlib import Path

import pytest

PYTHON = platform.python_version()


def contents(folder):
    """All files below a folder, with what they hold."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestNew:
    """`kata new` makes an exercise that is gradable at once."""

    def test_whole(self, kata):
        """It is readable, its solution gets full marks, its stub none, and verify says only what it has too few of."""
        place = "my päck/of 'mine'"
        seen = kata("new", "tide_tables", "--catalog", place)
        assert (seen.returncode, seen.stderr) == (0, "")
        assert kata.report("--solutions", catalog=place)["score"] == 100
        stub = f"{place}/exercises/01_tide_tables/stub"
        assert kata.report("1", "--project", stub, catalog=place)["score"] == 0
        told = kata("--catalog", place, "verify", "01", "--python", PYTHON)
        assert told.returncode == 1
        assert told.stdout.splitlines() == [
            "01_tide_tables: solutions/alternatives: holds 0; needs 2 more alternatives (2 are the least).",
            "01_tide_tables: mistakes/mistakes.toml: holds 1; needs 7 more mistakes (8 are the least).",
            f"1 exercise under Python {PYTHON}: 2 faults.",
        ]

    def test_what_it_says(self, kata):
        """The command that it names, pasted into a shell, is one that works."""
        said = kata("new", "tides", "--catalog", "it's a pack").stdout
        name, *words = shlex.split(said.splitlines()[-1])
        assert name == "kata"
        assert "needs 7 more mistakes" in kata(*words, "--python", PYTHON).stdout

    def test_numbers(self, kata):
        """An exercise comes after the last one, whatever state that is in, or gets the number that was asked for."""
        (kata.cwd / "solutions" / "07_begun").mkdir(parents=True)
        (kata.cwd / "exercises").mkdir()
        for arguments in (["a"], ["b", "--number", "3"], ["c"]):
            assert kata("new", *arguments).returncode == 0
        assert sorted(path.name for path in (kata.cwd / "exercises").iterdir()) == ["03_b", "08_a", "09_c"]

    @pytest.mark.parametrize("title", ['Tröge "und" \\Seile 🐢', "$slug ${number} {x} %s", "[red]`x`"])
    def test_title(self, kata, title):
        """Any line of text is a title, and stands in the exercise as it was given."""
        assert kata("--catalog", "pack", "new", "tides", "--title", title).returncode == 0
        report = kata.report("--solutions", catalog="pack")
        assert report["exercises"][0]["title"] == title
        readme = kata.cwd / "pack/exercises/01_tides/README.md"
        assert readme.read_text(encoding="utf-8").splitlines()[0] == f"# 01 {title}"

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["Tide-Tables"], ["'Tide-Tables'", "tide_tables"]),
            (["02_tides"], ["'02_tides'", "--number", "Would tides do"]),
            (["../tides"], ["'../tides'", "Would tides do"]),
            (["a" * 80], ["name"]),
            (["ö"], ["path_appending"]),
            ([""], ["''"]),
            (["lamp"], ["01_lamp"]),
            (["new", "--number", "1"], ["01_lamp"]),
            (["new", "--title", " "], ["title"]),
            (["new", "--title", "two\nlines"], ["title"]),
            (["new", "--title", "\x1b[2J"], ["title"]),
        ],
    )
    def test_refused(self, kata, arguments, words):
        """What can't be done is refused with a sentence, and nothing is changed."""
        kata("new", "lamp", "--catalog", ".")
        before = contents(kata.cwd)
        seen = kata("new", *arguments)
        assert (seen.returncode, seen.stdout) == (2, "")
        assert seen.stderr.startswith("kata: ")
        assert len(seen.stderr.splitlines()) == 1
        assert all(word in seen.stderr for word in words), seen.stderr
        assert "\x1b" not in seen.stderr
        assert contents(kata.cwd) == before

    def test_no_catalogue_is_meant(self, kata):
        """Nothing is made where nobody expects it: not in the current folder, nor in what is installed."""
        seen = kata("new", "tides")
        assert seen.returncode == 2
        assert "--catalog DIR" in seen.stderr
        assert list(kata.cwd.iterdir()) == []

    def test_no_number_left(self, kata):
        """After 99 a number must be named."""
        assert kata("new", "last", "--catalog", ".", "--number", "99").returncode == 0
        seen = kata("new", "one_more")
        assert seen.returncode == 2
        assert "--number" in seen.stderr
        assert kata("new", "one_more", "--number", "98").returncode == 0

    def test_place_is_taken(self, kata):
        """Where a file is in the way, it is named, stays as it is, and nothing is left lying around."""
        (kata.cwd / "exercises").write_text("mine")
        seen = kata("new", "tides", "--catalog", ".")
        assert seen.returncode == 2
        assert "exercises" in seen.stderr
        assert contents(kata.cwd) == {Path("exercises"): b"mine"}
