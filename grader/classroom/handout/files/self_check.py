"""Look over the projects before they are handed in: do the modules compile, are the given files as they were?

Nothing is executed, and nothing else is checked: that all is well here doesn't mean that an exercise is solved.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent


def findings(name: str, given: dict[str, str]) -> Iterator[str]:
    """What is to be said of one project."""
    project = HERE / name
    if not project.is_dir():
        yield f"{name}: the folder is gone."
        return
    for path in sorted(project.rglob("*.py")):
        where = path.relative_to(HERE).as_posix()
        try:
            compile(path.read_bytes(), where, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            yield f"{where}: does not compile: {error.args[0] if error.args else type(error).__name__}" + (
                f" (line {line})" if line else ""
            )
        except OSError as error:
            yield f"{where}: can't be read: {error.strerror}"
    for inner, digest in sorted(given.items()):
        path = project / inner
        if not path.is_file():
            yield f"{name}/{inner}: is given, and gone; it will be there again when your work is graded."
        elif hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() != digest:
            yield f"{name}/{inner}: is given; what you changed in it will be undone before your work is graded."


def main() -> int:
    """Say what was found; gives the exit status."""
    known = json.loads((HERE / "self_check.json").read_text(encoding="utf-8"))
    said = [line for name, given in known.items() for line in findings(name, given)]
    said.append(f"{len(known)} projects looked over: {len(said) or 'nothing'} to fix.")
    sys.stdout.write("\n".join(said).encode("ascii", "backslashreplace").decode() + "\n")
    return int(len(said) > 1)


if __name__ == "__main__":
    sys.exit(main())
