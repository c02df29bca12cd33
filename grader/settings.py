"""Read TOML settings into structs, and report all faults of a file at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def read_toml(
    path: Path,
    kind: type[_Struct],
    faults: list[str],
    check_values: Callable[[_Struct], Iterable[tuple[str, str]]] = lambda _: (),
) -> _Struct | None:
    """Read and check a TOML file, and collect all its faults: msgspec alone would stop at the first wrong field."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{path}: is missing.")
        return None
    except (ValueError, RecursionError, OSError) as error:
        faults.append(f"{path}: can't be read as TOML: {error}.")
        return None
    wrong = dict(_field_faults(content, kind))
    # The fields that are right are looked at closer, whatever the others are.
    sound = {key: value for key, value in content.items() if key not in wrong}
    about = msgspec.convert(
        _placeholders(kind) | sound if wrong else content,
        kind,
        strict=True,
    )
    closer = [(key, says) for key, says in check_values(about) if key.split(".")[0] not in wrong]
    faults.extend(f"{path}: {key}: {says}" for key, says in (*wrong.items(), *closer))
    return None if wrong else about


def _placeholders(kind: type) -> dict[str, object]:
    """Stands for required fields that are missing or wrong, while the others are looked at."""
    stands = {str: "-", int: 1}
    return {field.encode_name: stands.get(field.type, []) for field in msgspec.structs.fields(kind) if field.required}


def _field_faults(content: dict[str, object], kind: type) -> Iterator[tuple[str, str]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, value in content.items():
        if key not in fields:
            yield key, f"is not a known key; known are {', '.join(fields)}."
            continue
        try:
            msgspec.convert(value, fields[key].type, strict=True)
        except msgspec.ValidationError as error:
            yield key, f"{error}."
    for key, field in fields.items():
        if field.required and key not in content:
            yield key, "is missing."
