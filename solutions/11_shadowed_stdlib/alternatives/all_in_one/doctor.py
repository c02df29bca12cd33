"""Find the files in a folder that hide modules of the standard library."""

import json
import sys
from importlib.machinery import all_suffixes
from pathlib import Path


def is_module(folder: Path, name: str) -> bool:
    for suffix in all_suffixes():
        if (folder / f"{name}{suffix}").is_file() or (folder / name / f"__init__{suffix}").is_file():
            return True
    return False


class Doctor:
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).resolve()

    def findings(self) -> list[str]:
        candidates = sorted(sys.stdlib_module_names)
        return [name for name in candidates if name not in sys.builtin_module_names and is_module(self.folder, name)]


def main() -> int:
    findings = Doctor(sys.argv[1]).findings()
    json.dump(findings, sys.stdout)
    return int(len(findings) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
