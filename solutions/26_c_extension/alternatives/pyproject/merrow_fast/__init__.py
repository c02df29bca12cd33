"""The sum of many whole numbers."""

from importlib.util import find_spec

backend = "c" if find_spec(f"{__name__}._sum") else "python"

if backend == "c":
    from merrow_fast._sum import total
else:
    from merrow_fast._slow import total

__all__ = ["backend", "total"]
