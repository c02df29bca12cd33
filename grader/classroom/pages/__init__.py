"""Pages that stand alone in one file: no script, nothing from elsewhere, and whatever they hold is shown as text.

Everything that a template puts out goes through `visible` and is escaped, without the template's doing; only `Markup`
that was made here (the style, plots) is not. A policy in each page forbids all else, should that ever fail.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.display import visible
from grader.errors import UsageError

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = Path(__file__).parent


def render(name: str, **values: Any) -> bytes:
    """The page of that name, filled with these values: the same bytes for the same values.

    Raises:
        UsageError: what makes pages is not installed.
    """
    return _environment().get_template(f"{name}.html.jinja").render(values).encode()


def missing_package(package: str) -> UsageError:
    """What to say where a package isn't there that only a class needs."""
    return UsageError(f'Pages need {package}, which is not installed: pip install "import-kata[classroom]"')


@cache
def _environment() -> Environment:
    try:
        import jinja2
        from markupsafe import Markup
    except ModuleNotFoundError as error:
        raise missing_package(error.name or "jinja2") from error
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["code_spans"] = _code_spans
    found.globals["style"] = Markup(style)  # noqa: S704 - our own file
    found.globals["policy"] = _policy(style)
    return found


def _code_spans(text: str) -> Markup:
    """Text in which what stands between backticks is shown as code."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    if len(parts) % 2 == 0:  # one of them has no partner
        return escape(visible(text))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(visible(each)) if at % 2 else visible(each) for at, each in enumerate(parts))


def _policy(style: str) -> str:
    """Our style and pictures within the page; no script, no other resource, no form, no other base."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
