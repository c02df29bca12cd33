"""Operators for what else an answer consists of: TOML, setup.cfg, MANIFEST.in, C, and data."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import PurePosixPath

from grader.authoring.mutants.sources import TextOperator
from grader.authoring.mutants.structures import IN_TEXTS, rewritten

_MANIFEST = {
    "include": "exclude",
    "exclude": "include",
    "recursive-include": "recursive-exclude",
    "recursive-exclude": "recursive-include",
    "global-include": "global-exclude",
    "global-exclude": "global-include",
    "graft": "prune",
    "prune": "graft",
}
_SECTION = re.compile(r"^\[.*\]\s*$", re.MULTILINE)


def _lines_left_out(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith(("#", "[")):
            yield "".join(lines[:index] + lines[index + 1 :])


def _sections_left_out(text: str) -> Iterator[str]:
    starts = [found.start() for found in _SECTION.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[:start] + text[end:]


def _all_of(*changes: Callable[[str], Iterator[str]]) -> Callable[[str], Iterator[str]]:
    def find(text: str) -> Iterator[str]:
        for change in changes:
            yield from change(text)

    return find


def _continued_left_out(text: str) -> Iterator[str]:
    """A whole option of an ini file, with the lines that go on with it."""
    for found in re.finditer(r"^\w.*\n(?:[ \t]+\S.*\n)+", text, re.MULTILINE):
        yield text[: found.start()] + text[found.end() :]


def _lines_moved(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines[:-1]):
        yield "".join([*lines[:index], lines[index + 1], line, *lines[index + 2 :]])


def _look_alikes() -> Iterator[TextOperator]:
    for name, says, pairs in IN_TEXTS:
        yield TextOperator(name, _all_of(*(rewritten(*pair) for pair in pairs)), says)


_MANIFEST_SWAPS = [rewritten(rf"(?m)^{word}(?=\s)", other) for word, other in _MANIFEST.items()]
_LEFT_OUT = TextOperator("line_left_out", _lines_left_out)
_TOML = (
    *_look_alikes(),
    TextOperator(
        "project_file_misread",
        _all_of(
            rewritten(r'"src"', '"."'),
            rewritten(r"\bscripts\b", "gui-scripts"),
            rewritten(r"\binclude\b", "exclude"),
            rewritten(r"\bpackage-data\b", "exclude-package-data"),
            rewritten(r"\bfile = ", "attr = "),
            rewritten(r"\battr = ", "file = "),
        ),
        "Tables and keys that sound alike are thought to mean the same.",
    ),
    _LEFT_OUT,
    TextOperator("section_left_out", _sections_left_out),
    TextOperator(
        "element_left_out", _all_of(rewritten(r'"[^"\n]*",\s*(?=["{])', ""), rewritten(r'(,\s*)?"[^"\n]*"(?=\])', ""))
    ),
    TextOperator("text_changed", rewritten(r'(?<=[\[=( ])"([^"\n]*)"(?!\s*[=.])', r'"\1x"')),
    TextOperator("truth_changed", _all_of(rewritten(r"\btrue\b", "false"), rewritten(r"\bfalse\b", "true"))),
)
_INI = (
    *_look_alikes(),
    TextOperator(
        "project_file_misread",
        _all_of(
            rewritten(r"= src\b", "= ."),
            rewritten(r"\bconsole_scripts\b", "gui_scripts"),
            rewritten(r"(?m)^include\b", "exclude"),
            rewritten(r"\bfind:", "find_namespace:"),
            rewritten(r"\bfile: ", ""),
            rewritten(r"\bpackage_data\b", "exclude_package_data"),
        ),
        "Sections and keys that sound alike are thought to mean the same.",
    ),
    _LEFT_OUT,
    TextOperator("option_left_out", _continued_left_out),
    TextOperator("section_left_out", _sections_left_out),
    TextOperator("text_changed", rewritten(r"(?m)((?:^[ \t]+|=[ \t]*)\S[^\n]*)$", r"\1x")),
)
_MANIFEST_IN = (
    *_look_alikes(),
    TextOperator(
        "excluded_for_included", _all_of(*_MANIFEST_SWAPS), "What is put in and what is left out are mixed up."
    ),
    TextOperator(
        "files_for_directory",
        _all_of(rewritten(r"(?m)^graft(?=\s)", "include"), rewritten(r"(?m)^prune(?=\s)", "exclude")),
        "include is thought to take a directory.",
    ),
    TextOperator("lines_moved", _lines_moved, "The order of the lines is thought not to matter."),
    _LEFT_OUT,
    TextOperator("pattern_left_out", rewritten(r"(?<=[\w*/.\]] )\S+", "")),
    TextOperator("text_changed", rewritten(r"(?m)(?<=\w)$", "x")),
)
_C = (
    _LEFT_OUT,
    TextOperator(
        "comparison_changed",
        _all_of(
            *(
                rewritten(*pair)
                for pair in ((r"==", "!="), (r"!=", "=="), (r"(?<= )<(?= )", "<="), (r"(?<= )>(?= )", ">="))
            )
        ),
    ),
    TextOperator(
        "arithmetic_changed",
        _all_of(rewritten(r"(?<= )\+(?= )", "-"), rewritten(r"\+=", "-="), rewritten(r"(?<= )\*(?= )", "+")),
    ),
    TextOperator("and_or_changed", _all_of(rewritten(r"&&", "||"), rewritten(r"\|\|", "&&"))),
    TextOperator("number_changed", rewritten(r"(?<=[ (\[])0(?=[;,)\] ])", "1")),
    TextOperator(
        "error_not_looked_at",
        rewritten(r"if \([^\n]*(?:NULL|PyErr_Occurred|< 0|!\w+)[^\n]*\) \{", "if (0) {"),
        "What C returns is thought never to be an error.",
    ),
    TextOperator("text_changed", rewritten(r'(?<!include )"([^"\n]*)"', r'"\1x"')),
)
_DATA = (_LEFT_OUT,)


def operators_for(name: str) -> tuple[TextOperator, ...]:
    """The operators for a file of that name; none for what isn't graded by its content, such as Markdown."""
    path = PurePosixPath(name)
    if path.name == "MANIFEST.in":
        return _MANIFEST_IN
    by_suffix = {".toml": _TOML, ".cfg": _INI, ".c": _C, ".txt": _DATA, ".csv": _DATA, ".pth": _DATA}
    return by_suffix.get(path.suffix, ())


def meaning(name: str, text: str) -> object:
    """What a file says, so that two that say the same can be told; None if it can't be read."""
    suffix = PurePosixPath(name).suffix
    if suffix == ".toml":
        try:
            return tomllib.loads(text)
        except ValueError:
            return None
    if suffix == ".cfg":
        parser = configparser.RawConfigParser()
        try:
            parser.read_string(text)
        except configparser.Error:
            return None
        return {section: dict(parser.items(section)) for section in parser.sections()}
    if PurePosixPath(name).name == "MANIFEST.in":
        return [line.split() for line in text.splitlines()]
    return text


def is_wording(before: str, after: str) -> bool:
    """Whether two texts differ first in a line that is only read by people: a project's description."""
    differing = (one for one, other in zip_longest(before.splitlines(), after.splitlines()) if one != other)
    return (next(differing, None) or "").startswith("description")
