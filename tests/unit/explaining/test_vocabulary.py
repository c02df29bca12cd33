"""The vocabulary of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.explaining.vocabulary import PHRASE, of_answer, of_texts


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("import os\nos.chdir('/')", ".chdir"),
        ("import os as system\nsystem.getcwd()", "import os"),
        ("from . import depth", "from . import depth"),
        ("from ..charts.depth import at", "from ..charts.depth"),
        ("def main():\n    import calendar", "FunctionDef: import"),
        ("try:\n    import fast\nexcept ImportError:\n    pass", "Try: import"),
        ("print(end='')", "end="),
        ("x = [y for y in z if y is not None]", "IsNot"),
        ("open(name, 'rb')", '"rb'),
        ("global total", "Global"),
        ("import sys\nif sys.argv[0]: pass", "` sys.argv[0]"),
        ("def main(text):\n    return text.split('.')[0]", "` _.split('.')[0]"),
    ],
)
def test_words(text, word):
    """What is imported, and where; attributes, keywords, short texts, operators and statements are words."""
    assert word in of_texts({"a.py": text})
    assert word not in of_texts({"a.py": "pass"})


def test_own_names():
    """A name that the author chose is none, wherever it is used, so two people's programs have the same words."""
    program = "import json as {0}\ndef {1}({2}):\n    {3} = open({2}).read()\n    return {0}.loads({3})\nclass {4}: {1}"
    one, other = program.format("j", "read", "path", "text", "A"), program.format("k", "load", "file", "all", "B")
    assert of_texts({"a.py": one}) == of_texts({"a.py": other})


def test_other_files():
    """Of files that aren't Python's all words count, but for comments; and the paths of all files do."""
    found = of_texts({"setup.cfg": "# packages\n[options]\nzip_safe = no\n", "MANIFEST.in": "graft docs\n"})
    assert found == {"/setup.cfg", "options", "zip_safe", "no", "/MANIFEST.in", "graft", "docs"}


def test_given_files(tmp_path):
    """Given files aren't the learner's, and links lead to nobody's."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/given.py").write_text("import os")
    (tmp_path / "mine.py").write_text("import sys")
    (tmp_path / "link.py").symlink_to(tmp_path / "lib/given.py")
    assert of_answer(tmp_path, ("lib/given.py",)) == {"/mine.py", "import sys", "Module: import"}


def test_phrases():
    """Expressions count with blanks for the author's names and for long texts, and only short ones count."""
    words = of_texts({"a.py": f"x = 1\nf(x, '{'a' * 90}')\n" + "+".join("x" * 30)})
    assert {word for word in words if word.startswith(PHRASE)} == {
        "` f(_, '_')",
        "` _ + _",
        "` _ + _ + _",
        "` _ + _ + _ + _",
    }


def test_large_files(tmp_path):
    """A file that is too large is passed over, and the others still count."""
    (tmp_path / "a.py").write_text("import os\n" + "#" * 200_000)
    (tmp_path / "b.py").write_text("import sys\n")
    assert of_answer(tmp_path, ()) == {"/b.py", "import sys", "Module: import"}


@given(st.text())
def test_anything(text):
    """Whatever a file holds, it has a vocabulary."""
    assert "/a.py" in of_texts({"a.py": text, "b.toml": text})


@pytest.mark.parametrize(
    "text", ["(" * 5000 + ")" * 5000, "-" * 100_000 + "1", "a" + ".b" * 50_000, "x = -0x" + "f" * 9000]
)
def test_too_much(text):
    """What is too deep or too large for Python breaks nothing."""
    assert "/a.py" in of_texts({"a.py": text})
