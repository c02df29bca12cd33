"""Try all attacks, or those whose names hold a given word, and print what came of each as a table."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from grader import sandbox
from tests.attacks import ends, suite

ROUNDS = 50
"""Judges for each way to end."""


def main() -> int:
    """Print the tables; status 1 if an attack was not contained or won something."""
    if why_not := sandbox.why_not_bubblewrap():
        print(f"There is no sandbox to attack: {why_not}")
        return 1
    words = sys.argv[1:] or [""]
    attacks = [attack for attack in suite.load() if any(word in f"{attack.group}-{attack.name}" for word in words)]
    who = "root, dropping to an unused uid" if os.geteuid() == 0 else f"an ordinary user (uid {os.geteuid()})"
    table = Table("group", "attack", "what it does", "contained", "gained", "control", title=f"As {who}")
    findings = []
    with ExitStack() as opened, tempfile.TemporaryDirectory(prefix="kata-arena-") as folder:
        Path(folder).chmod(0o755)
        arena = suite.Arena(Path(folder).resolve(), opened)
        for attack in attacks:
            finding = arena.meet(attack)
            findings.append(finding)
            contained = "; ".join(finding.faults) or "yes"
            won = "\n".join(f"{points} in {name}" for name, points in finding.gains.items()) or "0"
            says = attack.says.partition("\n\n")[0]
            table.add_row(attack.group, attack.name, says, contained, won, f"+{finding.late:.2f} s")
            print(f"{attack.group:>10} {attack.name}: {contained}", file=sys.stderr, flush=True)
    console = Console(width=None if sys.stdout.isatty() else 160, markup=False, highlight=False)
    console.print(table)
    _summarize(findings)
    clean = len(sys.argv) > 1 or _end_judges()
    return 0 if clean and not any(finding.faults for finding in findings) else 1


def _end_judges() -> bool:
    """End judges amid a launch in every way, and print what they leave; whether that is nothing."""
    print("\n| a judge amid two launches meets | times | processes left | files and cgroups left |\n|---|--:|--:|--:|")
    clean = True
    for end in ends.ENDS:
        with tempfile.TemporaryDirectory(prefix="kata-arena-") as folder:
            processes, files = ends.left_after(end, ROUNDS, Path(folder))
        print(f"| {end} | {ROUNDS} | {processes} | {files} |", flush=True)
        clean = clean and not (processes or files)
    return clean


def _summarize(findings: list[suite.Finding]) -> None:
    groups = defaultdict(list)
    for finding in findings:
        groups[finding.attack.group].append(finding)
    print("| attacks | tried | contained | points gained | the judge has control again, at the latest |")
    print("|---|--:|--:|--:|--:|")
    for group, each in groups.items():
        contained = sum(not finding.faults for finding in each)
        gained = sum(finding.gained for finding in each)
        latest = max(finding.late for finding in each)
        print(f"| {group} | {len(each)} | {contained} | {gained} | limit + {latest:.2f} s |")


if __name__ == "__main__":
    sys.exit(main())
