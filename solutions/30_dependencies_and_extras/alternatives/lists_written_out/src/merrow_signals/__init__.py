"""Signals of the mast."""

import sys
from importlib.metadata import metadata
from importlib.util import find_spec


class MissingExtra(ImportError):
    """An extra isn't installed."""


def hoist(text):
    """Spell a text in flags."""
    from merrow_flags import spell

    return spell(text)


def settings(text):
    """Read the settings of a mast."""
    try:
        from tomllib import loads
    except ModuleNotFoundError:
        from merrow_toml import loads
    return loads(text)


def blink(text):
    """Send a text by lamp."""
    if find_spec("merrow_lamp") is None:
        raise MissingExtra("no lamp here; merrow-signals[lamp] brings one")
    import merrow_lamp

    return merrow_lamp.blink(text)


def call(text):
    """Send a text by radio."""
    if find_spec("merrow_radio") is None:
        raise MissingExtra("no radio here; merrow-signals[radio] brings one")
    import merrow_radio

    return merrow_radio.call(text)


def extras():
    """The extras of what is installed, as its metadata name them."""
    return sorted(set(metadata("merrow-signals").json["provides_extra"]))


COMMANDS = {"hoist": hoist, "blink": blink, "call": call}


def main():
    """Run a command."""
    try:
        answer = COMMANDS[sys.argv[1]](sys.argv[2])
    except MissingExtra as missing:
        sys.stderr.write(f"{missing}\n")
        sys.exit(3)
    sys.stdout.write(f"{answer}\n")
