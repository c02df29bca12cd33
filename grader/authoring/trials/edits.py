"""Tell whether two edits of an answer are about the same thing, by the words that each of them changes.

Answers differ, so lines can't be compared, but what is asked for has the same names in all of them. A mistake that a
report names must have something to do with what was edited: at least one word that both put in or take out. Where one
of them changes no word, only signs such as `==` or the dots of an import, half of the words around must be the same.
"""

from __future__ import annotations

import ast
import keyword
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from grader.authoring.variants import lay_out_mistake
from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|\S")
_COMMENT = re.compile(r"(?m)^\s*#.*$")
_EVERYWHERE = {*map(str.lower, keyword.kwlist), "self", "sys", "os", "path"}
"""Words that tell nothing, since they stand in most lines."""

Files = Mapping[str, str]
"""The texts of an answer's files, by their paths."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The words that an edit is about."""

    removed: frozenset[str]
    added: frozenset[str]
    around: frozenset[str]
    """All words of the lines in which something was changed."""

    def is_about(self, mistake: Edit) -> bool:
        """Whether it is about what a mistake changes in a right answer."""
        changed = self.removed | self.added
        others = mistake.removed | mistake.added
        if changed and others:
            return bool(changed & others)
        if not self.around or not mistake.around:  # no more than a `return self`
            return not changed and not others
        return 2 * len(self.around & mistake.around) >= len(self.around)

    def includes(self, mistake: Edit) -> bool:
        """The same for an edit that replaces whole files: what the mistake puts in is there, too."""
        return bool(self.added & mistake.added) if mistake.added else not self.added & mistake.removed


def edit(before: Files, after: Files) -> Edit:
    """What was changed, in whichever files. The name of a file that comes or goes is changed with it."""
    removed: set[str] = set()
    added: set[str] = set()
    around: set[str] = set()
    for name in sorted({*before, *after}):
        if name not in after:
            removed |= _words(_TOKEN.findall(name))
        elif name not in before:
            added |= _words(_TOKEN.findall(name))
        old, new = (_without_comments(name, files.get(name, "")) for files in (before, after))
        if old != new:
            away, put = _changed(_TOKEN.findall(old), _TOKEN.findall(new))
            removed |= _words(away)
            added |= _words(put)
            for lines in _changed(old.splitlines(), new.splitlines()):
                around |= _words(token for line in lines for token in _TOKEN.findall(line))
    return Edit(frozenset(removed), frozenset(added), frozenset(around))


def edit_of(exercise: Exercise, mistake: Mistake) -> Edit:
    """What a catalogued mistake changes in the reference."""
    return edit(files_of(exercise.reference, set(exercise.about.given)), wrong_files(exercise, mistake))


def wrong_files(exercise: Exercise, mistake: Mistake) -> dict[str, str]:
    """The texts of the answer that a catalogued mistake is, without the given files."""
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        wrong = Path(temporary, "wrong")
        lay_out_mistake(exercise, mistake, wrong)
        return files_of(wrong, set(exercise.about.given))


def files_of(folder: Path, given: set[str]) -> dict[str, str]:
    """The texts of an answer's own files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in given and "__pycache__" not in name:
            found[name] = path.read_bytes().decode("utf-8", "replace")
    return found


def _without_comments(name: str, text: str) -> str:
    """A file without what only people read, as far as that can be told."""
    if name.endswith(".py"):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return text
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        return ast.unparse(tree)
    return text if name.endswith(".c") else _COMMENT.sub("", text)


def _changed(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    removed: list[str] = []
    added: list[str] = []
    for what, start, end, other_start, other_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if what != "equal":
            removed += before[start:end]
            added += after[other_start:other_end]
    return removed, added


def _words(tokens: Iterable[str]) -> set[str]:
    """The words among tokens: `console_scripts` holds two. A number is one, too."""
    parts = {part.lower() for token in tokens if token[0].isalnum() or token[0] == "_" for part in token.split("_")}
    return parts - _EVERYWHERE - {""}
