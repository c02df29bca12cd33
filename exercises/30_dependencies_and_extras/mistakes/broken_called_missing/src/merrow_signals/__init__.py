"""Signals of the mast: flags for everybody, a lamp and a radio for those who have one."""

import importlib
import importlib.metadata
import sys

import merrow_flags


class MissingExtra(ImportError):
    """What would be needed here comes with an extra that isn't installed."""


def _optional(name, extra):
    """A module that an extra brings; what it raises when it is broken isn't ours to explain."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise MissingExtra(f"this needs {name}: pip install 'merrow-signals[{extra}]'") from error


def hoist(text):
    """Spell a text in flags."""
    return merrow_flags.spell(text)


def settings(text):
    """Read the settings of a mast."""
    if sys.version_info < (3, 11):
        import merrow_toml as toml
    else:
        import tomllib as toml
    return toml.loads(text)


def blink(text):
    """Send a text by lamp."""
    return _optional("merrow_lamp", "lamp").blink(text)


def call(text):
    """Send a text by radio."""
    return _optional("merrow_radio", "radio").call(text)


def extras():
    """The names of the extras of what is installed."""
    return sorted({*importlib.metadata.metadata("merrow-signals").get_all("Provides-Extra", [])})


def main():
    """Run a command; return the exit status."""
    command, text = sys.argv[1:]
    try:
        print({"hoist": hoist, "blink": blink, "call": call}[command](text))
    except ImportError as error:
        print(error, file=sys.stderr)
        return 3
    return 0
