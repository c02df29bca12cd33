"""An import x-ray for a person at a terminal: a tree of what was imported, and the answer in a few sentences."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from grader.display import shorten
from grader.explaining.import_findings import file_name, findings, is_library, is_library_file, line_of
from grader.model import Cause
from grader.reports.xray import answers
from grader.xray.tree.imports import NAMELESS, Half, Load, Process, Step, Xray, all_loads, inner_steps

_RUNPY = ("<frozen runpy>", "/runpy.py")
_MAX_COMMAND_LINES = 16
"""Of the command; the report of the failing check has them all."""
_MAX_WORD = 60
"""Characters of a word of a command."""
_Fact = tuple[str, RenderableType]


class _WithoutTrailingSpace:
    """Something else without white space at the ends of its lines, which tables fill up.

    Args:
        inner: what is to be printed.
    """

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Its segments, line by line."""
        for line in console.render_lines(self._inner, options, pad=False):
            while line and not line[-1].text.strip():
                line.pop()
            if line:
                *before, last = line
                yield from (*before, Segment(last.text.rstrip(), last.style))
            yield Segment.line()


def show(xray: Xray, console: Console, *, everything: bool = False, causes: Sequence[Cause] = ()) -> None:
    """Print an x-ray.

    Args:
        xray: what to print.
        console: where.
        everything: whether to unfold the standard library's own imports.
        causes: why it failed, where that was found.
    """
    _show_heading(xray, console)
    for number, process in enumerate(xray.processes):
        _show_process(process, number, console, everything=everything)
    _show_ending(xray, console)
    for cause in causes:
        console.print(Text(f"\n{cause.text}"), soft_wrap=True)


def _show_process(process: Process, number: int, console: Console, *, everything: bool) -> None:
    short = number > 0 and not everything and all(map(_is_uninteresting, all_loads(process.steps)))
    if number:
        title = Text.assemble((f"\nProcess {number + 1}: ", "bold"), _command(process))
        console.print(title.append("; only the standard library" if short else "", "dim"), soft_wrap=True)
    for tree in [] if short else _trees(process, everything=everything):
        console.print()
        console.print(_WithoutTrailingSpace(tree))


def _is_uninteresting(load: Load) -> bool:
    """Whether a module is no news: the standard library's, or the program itself."""
    return load.search is None or is_library(load) or (load.search.found is None and load.name.endswith("customize"))


def _show_heading(xray: Xray, console: Console) -> None:
    heading = f"{xray.number:02} {xray.exercise}" if xray.exercise else "Your own program, without a sandbox"
    console.print(Text.assemble((f"\n{heading}", "bold"), (f", Python {xray.python}", "dim")))
    if xray.check is not None:
        style = "green" if xray.outcome == "passed" else "red"
        console.print(Text.assemble(f"{xray.check} ", (f"({xray.outcome})", style)))
    # Not folded: a command to paste must stay in one piece.
    console.print(Text(shorten(xray.command, lines=_MAX_COMMAND_LINES), "dim"), soft_wrap=True)


def _show_ending(xray: Xray, console: Console) -> None:
    status = "Stopped at a limit" if xray.status is None else f"Exit status {xray.status}"
    last = xray.stderr.strip().rpartition("\n")[2] if xray.status else ""
    console.print(Text.assemble((f"\n{status}", "bold"), (f"; {last}" if last else "", "red")))
    said: list[_Fact] = [("-", Text(sentence)) for sentence in findings(xray)]
    troubles = dict.fromkeys([*xray.trouble, *(each for process in xray.processes for each in process.trouble)])
    said += [("-", Text(sentence, "yellow")) for sentence in troubles]
    if said:
        console.print(_WithoutTrailingSpace(_facts(said, width=1)))


def _command(process: Process) -> str:
    words = [PurePosixPath(process.words[0]).name, *process.words[1:]] if process.words else ["?"]
    return " ".join("…" if len(word) > _MAX_WORD else shlex.quote(word) for word in words)


def _facts(facts: list[_Fact], *, width: int = 5) -> Table:
    """Lines that begin with a word, and are folded beside it."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=width, style="dim")
    grid.add_column(overflow="fold")
    for word, fact in facts:
        grid.add_row(word, fact)
    return grid


def _trees(process: Process, *, everything: bool) -> Iterator[Tree]:
    for step, times in _with_repetitions(process.steps):
        if everything or _is_interesting(step):
            tree = Tree("", guide_style="dim", highlight=False)
            _fill_step(tree, step, "", times, everything=everything)
            yield tree


def _with_repetitions(steps: list[Step]) -> list[tuple[Step, int]]:
    """The steps; those that do the same as an earlier one, with no more to say than that, are counted with it."""
    met: dict[tuple[object, ...], tuple[Step, int]] = {}
    for number, step in enumerate(steps):
        says_more = step.loads or step.steps or step.halves or step.waiting or step.error
        same = (number,) if says_more else (step.kind, step.file, step.line, step.text, step.standing, step.thread)
        met[same] = (met[same][0] if same in met else step, met[same][1] + 1 if same in met else 1)
    return list(met.values())


def _is_interesting(step: Step) -> bool:
    """Whether a step is worth a line: anything but what the standard library imports of itself."""
    if not is_library_file(step.file):
        return True
    every = all_loads([step])
    return any(load.search is not None and load.search.found is not None and not is_library(load) for load in every)


def _fill_step(tree: Tree, step: Step, file: str, times: int = 1, *, everything: bool) -> None:
    """Fill a node with a step: a line, facts below it, and what was imported meanwhile.

    Args:
        tree: the node, still empty.
        step: what it is to show.
        file: that the node above it is about.
        times: how often it came.
        everything: see `show`.
    """
    own = _main_load(step)
    folded = own is not None and is_library(own) and not everything
    short = [] if everything else [load for load in step.loads if load is not own and _fits_one_line(load, step)]
    facts = list(_facts_of(step, own if not folded else None, short))
    title = _title(
        step, file, times, _sys_modules_remark(step) or (answers.one_line(own) if own is not None and folded else "")
    )
    tree.label = Group(title, _facts(facts)) if facts else title
    for load in step.loads:
        if load is not own and load not in short and (load.search is not None or load.execution is not None):
            _fill_load(tree.add(""), load, step.file, everything=everything)
        elif load is own:
            _add_inner_steps(tree, load, step.file, everything=everything)
    for each in step.steps:
        if everything or _is_interesting(each):
            _fill_step(tree.add(""), each, step.file, everything=everything)


def _main_load(step: Step) -> Load | None:
    """The module that a step is about: what is said of it stands below the step itself."""
    lost = (load for load in step.loads if load.error and load.error == step.error and load.search is not None)
    return next(lost, None) or next((load for load in step.loads if load.name == step.means), None)


def _fits_one_line(load: Load, step: Step) -> bool:
    """Whether one line says it all."""
    return _was_missing_attribute(load, step) or (
        load.error is None and not any(_is_interesting(each) for each in inner_steps(load))
    )


def _was_missing_attribute(load: Load, step: Step) -> bool:
    """Whether a name that a package lacks was looked for as a module of it, in vain."""
    return load.error is not None and load.error != step.error and load.search is not None and not load.search.found


def _short_fact(load: Load, step: Step) -> _Fact:
    if _was_missing_attribute(load, step):
        return "tries", Text(f"{load.name}, but there is no such module", "dim")
    return "first" if _is_parent(load, step) else "loads", Text(f"{load.name}: {answers.one_line(load)}", "dim")


def _is_parent(load: Load, step: Step) -> bool:
    return f"{step.means}.".startswith(f"{load.name}.")


def _fill_load(tree: Tree, load: Load, file: str, *, everything: bool) -> None:
    """Fill a node with a module that was loaded on the way."""
    tree.label = Group(Text(load.name), _facts(list(answers.facts(load))))
    _add_inner_steps(tree, load, file, everything=everything)


def _add_inner_steps(tree: Tree, load: Load, file: str, *, everything: bool) -> None:
    ran = load.execution.file if load.execution is not None and load.execution.file else file
    for step, times in _with_repetitions(inner_steps(load)):
        if everything or _is_interesting(step):
            _fill_step(tree.add(""), step, ran, times, everything=everything)


def _raised_here(step: Step) -> bool:
    """Whether a step failed by itself, and not just because one that it led to did."""
    below = [each for load in step.loads for each in inner_steps(load)] + step.steps
    return step.kind != "program" and step.error is not None and all(each.error != step.error for each in below)


def _error(step: Step) -> str | None:
    ended = step.kind == "program" and step.error is not None and step.error.startswith("SystemExit")
    return None if ended else step.error


def _title(step: Step, file: str, times: int, remark: str) -> Text:
    title = Text.assemble(*_action(step))
    if step.line and not _is_runpy(step):
        where = str(step.line) if step.file == file else f"{file_name(step.file)}, line {step.line}"
        inside = f" in {step.function}()" if step.function else ""
        title = Text.assemble((f"{where}{inside}  ", "dim"), title)
    if step.thread > 1:
        title.append(f" (in thread {step.thread})", "dim")
    if remark:
        title.append(f": {remark}", "dim")
    if times > 1:
        title.append(f" ({times:,} times)", "dim")
    if (error := _error(step)) is not None:
        title.append("  " + error.partition(":")[0], "red")
    return title


def _action(step: Step) -> list[tuple[str, str]]:
    if step.kind == "statement":
        return [(step.text, "bold")]
    if step.kind == "program":
        ran = step.loads[0].execution if step.loads else None
        package = f" of the package {ran.package}" if ran is not None and ran.package else ""
        name = "without a __name__" if step.means == NAMELESS else f"as {step.means}"
        return [(file_name(step.file), "bold"), (f" runs {name}{package}", "")]
    if _is_runpy(step):
        program = "python" if step.means == "__main__" else "python -m"
        return [(f"{program} {'looks for' if step.kind == 'search' else 'wants'} ", ""), (step.means, "bold")]
    if step.kind == "use":
        return [(step.text, "bold"), (" is used, which waited", "")]
    verb = {"search": "find_spec for", "reload": "reload of"}.get(step.kind, "a call for")
    return [(f"{verb} ", ""), (step.means, "bold")]


def _is_runpy(step: Step) -> bool:
    """Whether it is `python -m` that imports."""
    return is_library_file(step.file) and step.file.endswith(_RUNPY)


def _sys_modules_remark(step: Step) -> str:
    """What `sys.modules` had to say, where that is all."""
    if step.standing == "none":
        return "None in sys.modules, put there to forbid it"
    if step.standing != "loaded" or step.waiting:
        return ""
    if _is_relative(step):
        return f"{step.means} in sys.modules"
    where = f", from {step.origin}" if step.origin and "/" in step.origin and not is_library_file(step.origin) else ""
    return f"in sys.modules{where}"


def _is_relative(step: Step) -> bool:
    return step.text.removeprefix("lazy ").startswith("from .")


def _facts_of(step: Step, own: Load | None, short: list[Load]) -> Iterator[_Fact]:
    """What is said below a step's line.

    Args:
        step: the step.
        own: the module that it is about; None where that is no news.
        short: modules that are loaded besides, and take one line each.
    """
    if _is_relative(step) and step.means and step.standing != "loaded":
        yield "means", Text(step.means)
    if step.kind == "use" and step.since is not None:
        file, line = step.since
        yield "since", Text(line_of(file, line) if file != step.file else f"line {line}")
    yield from answers.waiting_facts(step)
    yield from map(_partial_module_fact, (half for half in step.halves if half.name != step.module))
    yield from (_short_fact(load, step) for load in short if _is_parent(load, step) and not is_library(load))
    if own is not None and step.kind != "program":
        yield from [] if own.name == step.means else [("wants", Text(own.name))]
        yield from answers.facts(own)
    yield from (_short_fact(load, step) for load in short if not _is_parent(load, step) and not is_library(load))
    if step.bound == ["*"]:
        yield "binds", Text("all its public names", "dim")
    elif step.text.startswith("import ") and "." in step.text and " as " not in step.text and not step.error:
        yield "binds", Text(", ".join(step.bound), "dim")
    if _raised_here(step):
        yield "error", Text(step.error or "", "red")


def _partial_module_fact(half: Half) -> _Fact:
    so_far = f"it has {', '.join(half.names)}" if half.names else "it has no names yet"
    line = f"its code is at line {half.line}" if half.line else "its code has not begun"
    return "half", Text(f"{half.name} in sys.modules is half made: {line}, {so_far}", "yellow")
