"""An import x-ray as one HTML page that stands alone: why it failed, the imports as a tree, and where the time went."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain
from pathlib import Path

from grader.explaining.import_findings import file_name, findings, is_library, is_library_file, why_not_waiting
from grader.model import Cause
from grader.reports.xray.answers import duration, one_line
from grader.xray.tree.imports import Load, Search, Step, Xray, all_loads, all_steps, inner_steps

_HERE = Path(__file__).parent
_MOST_BARS = 40
"""Modules of the table of times; the longest ones are shown, in the order in which they were loaded."""
_WINS = ("module", "package", "yes")
_MOST_STDOUT = 4000
"""Characters of what the program printed."""


_CONTROLS = """\
<div class="controls">
<label>Search <input type="search" id="search" placeholder="module or file"></label>
<label><input type="checkbox" id="library"> with the standard library's own</label>
<button type="button" id="open">Open all</button> <button type="button" id="close">Close all</button>
<span id="found" role="status" class="quiet"></span>
</div>"""


def render(xray: Xray, causes: Sequence[Cause] = ()) -> str:
    """The page, with all that it needs in it; nothing is fetched, and nothing of what a program printed can run.

    Args:
        xray: what to show.
        causes: why it failed, where that was found.
    """
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    sections = [*_answer(xray, causes), *_imports(xray), *_times(xray), *_modules(xray), *_output(xray)]
    title = f"Imports of {_heading(xray)}"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f"<header><h1>{escape(title)}</h1>",
            f'<p class="quiet">Python {escape(xray.python)}, {_where(xray)}. {_ended(xray)}</p>',
            f"<pre>{escape(xray.command)}</pre>",
            '<nav aria-label="Parts of this page">',
            '<a href="#imports">Imports</a> <a href="#times">Times</a> <a href="#modules">Modules</a></nav></header>',
            "<main>",
            *sections,
            "</main>",
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _policy(style: str, script: str) -> str:
    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; base-uri 'none'"


def _heading(xray: Xray) -> str:
    return f"{xray.number:02} {xray.exercise}" if xray.exercise else xray.title


def _where(xray: Xray) -> str:
    return f"in the {escape(xray.sandbox)} tier" if xray.exercise else "your own program, without a sandbox"


def _ended(xray: Xray) -> str:
    if xray.status is None:
        return '<span class="bad">It was stopped at a limit.</span>'
    return f'<span class="{"bad" if xray.status else "good"}">Exit status {xray.status}.</span>'


def _answer(xray: Xray, causes: Sequence[Cause]) -> Iterator[str]:
    troubles = [*xray.trouble, *chain.from_iterable(process.trouble for process in xray.processes)]
    said = findings(xray)
    if not (causes or said or troubles):
        return
    yield '<section aria-labelledby="answer"><h2 id="answer">What happened</h2>'
    for cause in causes:
        yield f'<div class="cause"><p><strong>{_prose(cause.says)}</strong></p>'
        yield f"<pre>{escape(cause.shows)}</pre>" if cause.shows else ""
        yield f"<p>{_prose(cause.why)}</p>" if cause.why else ""
        yield f"<p>Try: <code>{escape(cause.try_it)}</code></p>" if cause.try_it else ""
        yield f'<p><a href="{escape(cause.link)}">The Python documentation has more.</a></p>' if cause.link else ""
        yield "</div>"
    yield "<ul>"
    yield from (f"<li>{_prose(sentence)}</li>" for sentence in said)
    yield from (f'<li class="warn">{escape(sentence)}</li>' for sentence in dict.fromkeys(troubles))
    yield "</ul></section>"


def _prose(text: str) -> str:
    """A sentence, in which what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _imports(xray: Xray) -> Iterator[str]:
    yield '<section aria-labelledby="imports-title" id="imports"><h2 id="imports-title">Imports</h2>'
    yield _CONTROLS
    for number, process in enumerate(xray.processes, 1):
        if len(xray.processes) > 1:
            yield f"<h3>Process {number}: <code>{escape(' '.join(process.words[-3:]))}</code></h3>"
        yield '<ul class="tree">'
        for step in process.steps:
            yield from _step(step, "")
        yield "</ul>"
    yield "</section>"


def _step(step: Step, file: str) -> Iterator[str]:
    """One import, and below it what it led to."""
    words = [step.text, step.means, *(load.name for load in step.loads), step.file]
    aside = is_library_file(step.file) and all(map(_is_no_news, all_loads([step])))
    library = ' data-library="1"' if aside else ""
    yield f'<li class="step"{library} data-text="{escape(" ".join(words).lower())}">'
    where = "" if step.file == file else f' <span class="path quiet">{escape(file_name(step.file))}</span>'
    what = escape(step.text or (f"{file_name(step.file)} runs" if step.kind == "program" else step.means))
    took = f' <span class="quiet">{duration(step.microseconds)}</span>' if step.loads else ""
    state = f' <span class="bad">{escape(step.error)}</span>' if step.error else f" {_result(step)}"
    opened = " open" if step.error or step.kind == "program" else ""
    yield f'<details{opened}><summary><span class="number">{step.line or ""}</span>{where}'
    yield f"<code>{what}</code>{state}{took}</summary>"
    yield from _step_facts(step)
    for load in step.loads:
        yield from _load(load)
    inner = [each for load in step.loads for each in inner_steps(load)] + step.steps
    if inner:
        below = next((load.execution.file for load in reversed(step.loads) if load.execution is not None), None)
        yield "<ul>"
        for each in inner:
            yield from _step(each, below or "")
        yield "</ul>"
    yield "</details></li>"


def _is_no_news(load: Load) -> bool:
    """Whether a module is the standard library's, or one that Python looks for at each start."""
    looked_for = load.search is not None and load.search.found is None and load.name.endswith("customize")
    return is_library(load) or load.search is None or looked_for


def _result(step: Step) -> str:
    if not step.loads:
        return '<span class="quiet">was loaded already</span>' if step.standing == "loaded" else ""
    return f'<span class="good">{escape(one_line(step.loads[-1]))}</span>'


def _step_facts(step: Step) -> Iterator[str]:
    rows = [("means", step.means)] if step.kind != "program" and step.means not in step.text else []
    rows += [("in module", f"{step.module}, __package__ {step.package!r}")] if step.module else []
    rows += [("binds", ", ".join(step.bound))] if step.bound else []
    for half in step.halves:
        names = ", ".join(half.names) or "no names yet"
        rows.append(("half made", f"{half.name}, at its line {half.line or '–'}, with {names}"))
    rows += [("waits", f"{each.name}: {each.became}") for each in step.waiting]
    if (why := why_not_waiting(step)) is not None:
        rows.append(("waits not", why))
    if rows:
        yield "<table><caption>This statement</caption>"
        yield from (f'<tr><th scope="row">{escape(word)}</th><td>{escape(text)}</td></tr>' for word, text in rows)
        yield "</table>"


def _load(load: Load) -> Iterator[str]:
    if load.search is not None:
        yield '<div class="scroll" tabindex="0" role="group" aria-label="Search">'
        yield f"<table><caption>Where Python looked for <code>{escape(load.name)}</code></caption>"
        yield '<tr><th scope="col">place</th><th scope="col">answer</th></tr>'
        yield from _search(load.search)
        yield "</table></div>"
    ran = load.execution
    if ran is not None and ran.file:
        cache = f", bytecode: {escape(ran.bytecode.state)}" if ran.bytecode is not None else ""
        yield f"<p>It ran <code>{escape(ran.file)}</code> in {duration(ran.microseconds)}{cache}.</p>"
    if load.error:
        yield f'<p class="bad">{escape(load.error)}</p>'


def _search(search: Search) -> Iterator[str]:
    reached = -1
    for asked in search.asked:
        if not asked.places:
            yield _row(asked.finder, asked.answer, won=asked.answer in _WINS)
        for place in asked.places:
            reached = search.path.index(place.entry) if place.entry in search.path else reached
            answer = f"{place.answer}: {place.there}" if place.there else place.answer
            yield _row(_entry(search, place.entry, reached), answer, won=place.answer in _WINS)
    if search.found is None:
        return
    for number, entry in enumerate(search.path[reached + 1 :] if reached >= 0 else [], reached + 1):
        yield _row(_entry(search, entry, number), "not asked any more", won=False)
    for number, rival in enumerate(search.rivals):
        yield _row("" if number else "the runner-up", f"{rival} has that name, too", won=False)
    found = search.found.origin or ", ".join(search.found.places or [])
    yield _row("found", f"{found}, {search.found.loader or 'a namespace package'}", won=True)


def _entry(search: Search, entry: str | None, number: int) -> str:
    name = "(the current folder)" if entry == "" else str(entry)
    return f"{search.along}[{number}] {name}" if number >= 0 else name


def _row(place: str, answer: str, *, won: bool) -> str:
    style = ' class="won"' if won else ""
    return f'<tr{style}><td class="path">{escape(place)}</td><td>{escape(answer)}</td></tr>'


def _times(xray: Xray) -> Iterator[str]:
    loads = [load for process in xray.processes for load in all_loads(process.steps) if load.execution is not None]
    longest = sorted(loads, key=_microseconds, reverse=True)[:_MOST_BARS]
    shown = [load for load in loads if load in longest]
    if not shown:
        return
    most = max(map(_microseconds, shown)) or 1
    yield '<section aria-labelledby="times"><h2 id="times">Times</h2>'
    yield '<div class="scroll" tabindex="0" role="group" aria-label="Times of modules"><table>'
    yield "<caption>Modules in the order in which they were loaded</caption>"
    yield '<tr><th scope="col">module</th><th scope="col">with its imports</th><th scope="col">alone</th>'
    yield '<th scope="col">compared</th></tr>'
    for load in shown:
        percent = 100 * _microseconds(load) / most
        yield f'<tr><td><code>{escape(load.name)}</code></td><td class="number">{duration(_microseconds(load))}</td>'
        yield f'<td class="number">{duration(_own_microseconds(load))}</td>'
        yield f'<td><svg width="100%" height="12" role="img" aria-label="{percent:.0f} % of the longest">'
        yield f'<rect width="{percent:.1f}%" height="12" fill="currentColor" opacity="0.5"/></svg></td></tr>'
    yield "</table></div></section>"


def _microseconds(load: Load) -> int:
    return load.execution.microseconds if load.execution is not None else 0


def _own_microseconds(load: Load) -> int:
    inner = (each for step in inner_steps(load) for each in step.loads)
    return max(0, _microseconds(load) - sum(map(_microseconds, inner)))


def _modules(xray: Xray) -> Iterator[str]:
    yield '<section aria-labelledby="modules"><h2 id="modules">sys.modules</h2>'
    for number, process in enumerate(xray.processes, 1):
        if len(xray.processes) > 1:
            yield f"<h3>Process {number}: <code>{escape(' '.join(process.words[-3:]))}</code></h3>"
        steps = [*all_steps(process.steps)]
        failed = dict.fromkeys(load.name for step in steps for load in step.loads if load.error is not None)
        before = {*process.before}
        yield "<dl>"
        for term, names in (
            ("before the program began", process.before),
            ("new when it had ended", [name for name in process.after if name not in before]),
            ("gone by then", [name for name in process.before if process.after and name not in process.after]),
            ("not loaded, after an error", [*failed]),
        ):
            if names:
                yield f"<dt>{term} ({len(names)})</dt><dd><code>{escape(', '.join(names))}</code></dd>"
        yield (
            "</dl>" if process.after else "</dl><p>It didn't come to its end, so nobody knows what was there then.</p>"
        )
    yield "</section>"


def _output(xray: Xray) -> Iterator[str]:
    for name, text in (("stdout", xray.stdout), ("stderr", xray.stderr)):
        if text.strip():
            shown = escape(text[-_MOST_STDOUT:])
            yield f'<section aria-labelledby="{name}"><h2 id="{name}">{name}</h2><pre>{shown}</pre></section>'
