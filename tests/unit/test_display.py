import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.display import Scrubber, decode, shorten, visible

ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Lone surrogates included."""


@given(st.binary())
def test_decode_takes_any_bytes(raw):
    """Whatever a program writes can be decoded, and the text can be encoded again."""
    decode(raw).encode("utf-8")


def test_decode_shows_bytes_that_are_not_utf8():
    """A byte that isn't UTF-8 appears as its escape instead of being lost."""
    assert decode("tiède ".encode() + b"\xff\n") == "tiède \\xff\n"


@given(st.lists(st.text("ab"), min_size=1), st.sampled_from(["\r\n", "\r", "\n"]))
def test_decode_gives_one_kind_of_line_end(lines, end):
    """Output reads the same on every system, whatever its line ends."""
    assert decode(end.join(lines).encode()) == "\n".join(lines)


@given(ANY_TEXT)
def test_visible_text_is_harmless(text):
    """What is shown holds no control, format, surrogate or private character but newline and tab."""
    unsafe = {char for char in visible(text) if unicodedata.category(char)[0] == "C" and char not in "\n\t"}
    assert not unsafe
    visible(text).encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters="\n\t")))
def test_visible_leaves_ordinary_text_alone(text):
    """Letters of any language, symbols, spaces, tabs and newlines are shown as they are."""
    assert visible(text) == text


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("abc\rxyz", "abc\\x0dxyz"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\u2028separator", "line\\u2028separator"),
        ("\udcff", "\\udcff"),
        ("\U000f0000", "\\U000f0000"),
        ("bell\a", "bell\\x07"),
    ],
)
def test_visible_shows_what_was_there(hostile, shown):
    """A character that could act on a terminal or reorder a line is replaced by its escape, and only that character."""
    assert visible(hostile) == shown


@given(ANY_TEXT)
def test_visible_twice_is_once(text):
    """Showing what is fit to show changes nothing more."""
    assert visible(visible(text)) == visible(text)


@given(st.lists(st.text("abc ", max_size=9), max_size=24))
def test_short_text_is_not_shortened(lines):
    """Text of up to 24 lines and 2400 characters is kept whole."""
    text = "\n".join(lines)
    assert shorten(text) == text


@pytest.mark.parametrize("text", ["\n".join("x" * 24), "x" * 2400])
def test_largest_short_text(text):
    """As much as may be shown is shown."""
    assert shorten(text) == text


@given(st.integers(25, 5000))
def test_long_text_keeps_its_ends(count):
    """Of too many lines the first and last dozen stay, and the number left out is told."""
    lines = [f"line {number}" for number in range(count)]
    shown = shorten("\n".join(lines)).split("\n")
    assert shown[:12] == lines[:12]
    assert shown[-12:] == lines[-12:]
    assert shown[12:-12] == [f"… {count - 24} lines left out …"]


@given(st.integers(2401, 100_000))
def test_long_lines_are_cut_too(count):
    """Of one line without end the first and last 1200 characters stay, and the number left out is told."""
    text = "a" * (count // 2) + "b" * (count - count // 2)
    assert shorten(text) == f"{'a' * 1200}… {count - 2400} characters left out …{'b' * 1200}"


@pytest.mark.parametrize("lines", range(1, 9))
def test_number_of_lines_is_kept_to(lines):
    """No more lines of the text are shown than asked for, be it an odd number or one."""
    shown = shorten("\n".join(str(number) for number in range(100)), lines=lines).splitlines()
    assert sum(line.isdigit() for line in shown) <= lines


class TestScrubber:
    """Paths of the judge become names that the learner knows."""

    def test_longest_path_first(self):
        """A folder inside another has its own name, whatever the order they were given in."""
        scrub = Scrubber([(PurePosixPath("/a"), "$A"), (PurePosixPath("/a/project"), "$PROJECT")])
        assert scrub("/a/project/x.py") == "$PROJECT/x.py"
        assert scrub("/a/other") == "$A/other"

    @pytest.mark.parametrize("end", ["", "/x.py", ":", ",", "'", '"', " ", "\n", ")", ";", "]"])
    def test_whatever_follows_a_path(self, end):
        """A path is recognised at the end of text and before punctuation, too."""
        scrub = Scrubber([(PurePosixPath("/a/project"), "$PROJECT")])
        assert scrub(f"in /a/project{end}") == f"in $PROJECT{end}"

    def test_special_characters_of_patterns(self):
        """A path is text, not a pattern."""
        scrub = Scrubber([(PurePosixPath("/a.b+(c)"), "$A")])
        assert scrub("/a.b+(c) /aXb+(c)") == "$A /aXb+(c)"

    def test_special_characters_of_names(self):
        """What a path is called is text, not a template for replacement."""
        assert Scrubber([(PurePosixPath("/a"), r"\1\g<0>")])("/a") == r"\1\g<0>"

    def test_addresses(self):
        """Memory addresses, which differ from run to run, are left out; other hexadecimal numbers stay."""
        assert Scrubber([(PurePosixPath("/a"), "$A")])("<f at 0x7fdecff20f50> 0x1f") == "<f at 0x…> 0x1f"

    def test_hostile_text(self):
        """Control characters are escaped, too."""
        assert Scrubber([(PurePosixPath("/a"), "$A")])("\x1b[2J") == "\\x1b[2J"

    def test_name_given_later(self):
        """A folder that is made during an attempt gets its name from then on."""
        scrub = Scrubber([(PurePosixPath("/a"), "$A")])
        scrub.name(PurePosixPath("/a/copies/1"), "$COPY")
        assert scrub("/a/copies/1/x") == "$COPY/x"

    def test_no_names(self):
        """Without any name text comes through as it is."""
        assert Scrubber([])("abc /a") == "abc /a"

    @given(ANY_TEXT)
    def test_no_path_of_ours_is_left(self, text):
        """However learner text surrounds a path, the path of the judge doesn't appear in what is shown."""
        root = "/tmp/kata-x1y2"
        assert root not in Scrubber([(PurePosixPath(root), "$KATA")])(f"{text}{root}{text}")
