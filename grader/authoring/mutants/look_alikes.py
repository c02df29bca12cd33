"""What people take for each other: the table `look_alikes.toml` beside this file, and what no template can say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.authoring.mutants.sources import Edit, Operator, Source
from grader.authoring.mutants.structures import STRUCTURES
from grader.authoring.mutants.templates import Template
from grader.errors import CatalogError
from grader.settings import read_toml

_TABLE = Path(__file__).with_name("look_alikes.toml")


class _LookAlike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    says: str
    pairs: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    look_alike: tuple[_LookAlike, ...]


def _read() -> Iterator[Operator]:
    faults: list[str] = []
    table = read_toml(_TABLE, _Table, faults)
    if table is None:
        raise CatalogError(faults)
    for each in table.look_alike:
        yield _operator(each.name, each.says, [Template(*pair.split(" -> ")) for pair in each.pairs])


def _operator(name: str, says: str, templates: list[Template]) -> Operator:
    def find(source: Source) -> Iterator[Edit]:
        for template in templates:
            yield from template.find(source)

    return Operator(name, find, says)


LOOK_ALIKES = (*_read(), *STRUCTURES)
"""Each with the misconception that it stands for."""
