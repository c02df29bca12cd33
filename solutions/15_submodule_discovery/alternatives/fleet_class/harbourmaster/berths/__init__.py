"""The berths of Port Merrow, each with its driver."""

from ._registry import Registry

_registry = Registry(__name__)

available = _registry.available
load = _registry.load
load_all = _registry.load_all


def __getattr__(name):
    if name == "failed":
        return _registry.failed
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
