"""Signals of the mast: flags for everybody, a lamp and a radio for those who have one."""

import sys

import merrow_flags
import merrow_lamp
import merrow_radio
import merrow_toml


def hoist(text):
    """Spell a text in flags."""
    return merrow_flags.spell(text)


def settings(text):
    """Read the settings of a mast."""
    return merrow_toml.loads(text)


def blink(text):
    """Send a text by lamp."""
    return merrow_lamp.blink(text)


def call(text):
    """Send a text by radio."""
    return merrow_radio.call(text)


def main():
    """Run a command; return the exit status."""
    command, text = sys.argv[1:]
    print({"hoist": hoist, "blink": blink, "call": call}[command](text))
    return 0
