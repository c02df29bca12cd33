"""Try the `bubblewrap` tier: one real execution of a shell, which tells what it finds around itself.

It is given what each execution of a grading is given, a folder to read and a folder to write to. Where it can't have
them, each attempt would be ungraded.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from grader.errors import SandboxError
from grader.model import Command, Ending, Execution, Limits
from grader.sandbox import _bubblewrap, _programs, _seccomp, _trouble
from grader.sandbox._trouble import Trouble

# Each system has an /etc/passwd, which we show to nobody.
_SCRIPT = """
[ -e /etc/passwd ] && echo "finding: files outside can be seen"
[ -e /proc/1/environ ] && echo "finding: the sandbox itself can be seen"
[ -w / ] || [ -w /dev ] && echo "finding: the root folder can be changed"
true > made || echo "finding: a scratch folder can't be written to"
read -r word < "$1/given" && [ "$word" = "$2" ] || echo "finding: a folder that is to be read can't be read"
true > "$1/made" && echo "finding: a folder that is to be read can be changed"
ls -l /proc/self/ns
exec cat /proc/self/limits /proc/self/status
"""
_NAMESPACES = ("mnt", "pid", "net", "ipc", "uts")
# Seconds; a start takes some hundredths, but on a busy machine haste would mean a weaker tier.
_LIMITS = Limits(wall=30.0)


def self_check() -> Trouble | None:
    """What is wrong with the tier on this machine; None if it works and keeps its promises, as far as a shell sees."""
    as_root = os.geteuid() == 0
    if _seccomp.program() is None:
        return Trouble("no filter of system calls is known for this processor")
    missing = [program for program in _programs.needed(as_root=as_root) if _programs.find(program) is None]
    if missing:
        return _trouble.missing_programs(missing)
    try:
        return _judge(_run_script(), as_root=as_root)
    except SandboxError as error:
        return _trouble.from_complaint(str(error), as_root=as_root)


def _run_script() -> Execution:
    word = secrets.token_hex(8)
    with contextlib.closing(_bubblewrap.BubblewrapSandbox()) as sandbox:
        scratch, bound = sandbox.folder / "empty", sandbox.folder / "bound"
        bound.mkdir()
        (bound / "given").write_text(f"{word}\n")
        bound.chmod(0o777)  # so that nothing but the way in which it is bound protects it
        (bound / "given").chmod(0o644)
        argv = ("/bin/sh", "-c", _SCRIPT, "sh", str(bound), word)
        return sandbox.run(Command(argv, scratch, {}, reads=(bound,), scratch=(scratch,), limits=_LIMITS))


def _judge(seen: Execution, *, as_root: bool) -> Trouble | None:
    if seen.ending is not Ending.EXITED:
        return Trouble("its self-check did not come to an end")
    said, complaint = (text.decode("utf-8", "replace") for text in (seen.stdout, seen.stderr))
    if seen.status != 0:
        complaint = complaint.strip() or "the shell gave no reason"
        return _trouble.from_complaint(f"its self-check ended with status {seen.status}: {complaint}", as_root=as_root)
    wrong = list(_broken_promises(said, as_root=as_root))
    if wrong:
        return Trouble(f"its self-check found that {', '.join(wrong)}", "Reinstall bubblewrap and util-linux.")
    return None


def _broken_promises(said: str, *, as_root: bool) -> Iterator[str]:
    """The promises that are not kept."""
    for line in said.splitlines():
        if line.startswith("finding: "):
            yield line.removeprefix("finding: ")
    ours, theirs = _fields(Path("/proc/self/status").read_text()), _fields(said)
    ids = {theirs.get("Uid", "0"), theirs.get("Gid", "0")} if as_root else {theirs.get("Uid", "0")}
    if any("0" in each.split() for each in ids):
        yield "it runs as root"
    if as_root and theirs.get("Groups") != "":
        yield "it keeps root's groups"
    if any(value.strip("0") for name, value in theirs.items() if name.startswith("Cap")):
        yield "it keeps capabilities"
    if theirs.get("NoNewPrivs") != "1":
        yield "it may gain privileges"
    # Where we are filtered ourselves, as in a container, the mode is the same without a filter of ours.
    filters = "Seccomp_filters"
    if theirs.get("Seccomp") != "2" or (filters in ours and int(theirs.get(filters, 0)) <= int(ours[filters])):
        yield "system calls are not filtered"
    for kind in _NAMESPACES:
        link = os.readlink(f"/proc/self/ns/{kind}")  # noqa: PTH115 - not a path
        if link in said or f"{kind}:[" not in said:
            yield f"it shares our {kind} namespace"
    for name, wanted in (("processes", _LIMITS.processes), ("data size", _LIMITS.memory)):
        if not re.search(rf"^Max {name} +{wanted} +{wanted} ", said, re.MULTILINE):
            yield f"the limit of its {name} is not set"


def _fields(status: str) -> dict[str, str]:
    """The lines of a status in proc_pid_status(5)."""
    pairs = (line.partition(":") for line in status.splitlines())
    return {name: value.strip() for name, _, value in pairs}
