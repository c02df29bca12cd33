"""Say of modules what kind of thing Python would load.

    python -m inventory json sys
"""

import argparse
import importlib.util
import json
from importlib import machinery
from zipimport import zipimporter

KINDS = (
    (machinery.BuiltinImporter, "builtin"),
    (machinery.FrozenImporter, "frozen"),
    (machinery.ExtensionFileLoader, "extension"),
    (machinery.SourcelessFileLoader, "bytecode"),
    ((machinery.SourceFileLoader, zipimporter), "source"),
)
"""Which loaders load what. The first two are never instantiated: the classes themselves are the loaders."""


def kind(name):
    """What Python would load for `import name`, in one word."""
    parent, _, _ = name.rpartition(".")
    if parent and kind(parent) not in ("namespace", "package"):
        return "missing"
    spec = importlib.util.find_spec(name)
    if spec is None:
        return "missing"
    if spec.submodule_search_locations is not None:
        return "package" if spec.has_location or spec.origin == "frozen" else "namespace"
    loader = spec.loader if isinstance(spec.loader, type) else type(spec.loader)
    return next(word for classes, word in KINDS if issubclass(loader, classes))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Say of modules what kind of thing Python would load.")
    parser.add_argument("names", nargs="+", metavar="NAME")
    print(json.dumps({name: kind(name) for name in parser.parse_args().names}, indent=4))
