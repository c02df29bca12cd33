"""The lights on the quays of Port Merrow: what each of them says."""

from importlib import metadata

SIGNALS = {"ferry": "two long", "lifeboat": "three short", "pilot": "one long, one short"}


def signal(ship):
    """How the light greets that ship; KeyError if it doesn't."""
    return SIGNALS[ship]


def __getattr__(name):
    """Look the version up when somebody asks for it, and not before."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return metadata.version("merrow-quaylight")
    except metadata.PackageNotFoundError:
        return "not installed"
