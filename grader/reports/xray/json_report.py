"""An import x-ray as JSON, format version 1."""

from __future__ import annotations

import msgspec

from grader import __version__
from grader.explaining.import_findings import findings
from grader.xray.tree.imports import Xray

FORMAT_VERSION = 1


def render(xray: Xray) -> str:
    """The x-ray as JSON, with what is found in it."""
    frame = {"format_version": FORMAT_VERSION, "tool": {"name": "import-kata", "version": __version__}}
    content = frame | msgspec.to_builtins(xray) | {"findings": findings(xray)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
