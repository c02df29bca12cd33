"""Say of modules what kind of thing Python would load."""

import importlib
import json
import sys
from importlib import machinery


def _find(name, path):
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path)
        if spec is not None:
            return spec
    return None


def _search(name):
    parent, _, _ = name.rpartition(".")
    path = None
    if parent:
        spec = _search(parent)
        if spec is None or spec.submodule_search_locations is None:
            return None
        path = importlib.import_module(parent).__path__
    return _find(name, path)


def kind(name):
    """What Python would load for `import name`, in one word."""
    importlib.invalidate_caches()
    if name.rpartition(".")[2] in sys.builtin_module_names:
        return "builtin"
    spec = _search(name)
    if spec is None:
        return "missing"
    if spec.submodule_search_locations is not None:
        return "namespace" if spec.loader is None else "package"
    if spec.loader is machinery.BuiltinImporter:
        return "builtin"
    if spec.loader is machinery.FrozenImporter:
        return "frozen"
    if isinstance(spec.loader, machinery.ExtensionFileLoader):
        return "extension"
    if isinstance(spec.loader, machinery.SourcelessFileLoader):
        return "bytecode"
    return "source"


def main(argv=None):
    names = sys.argv[1:] if argv is None else argv
    print(json.dumps({name: kind(name) for name in names}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
