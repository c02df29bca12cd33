"""The mast."""

import sys
from importlib import import_module, metadata

from merrow_flags import spell as hoist

__all__ = ["MissingExtra", "blink", "call", "extras", "hoist", "settings"]


class MissingExtra(ImportError):
    def __init__(self, extra):
        super().__init__(f"install merrow-signals[{extra}] first")


def settings(text):
    try:
        import tomllib as reader
    except ModuleNotFoundError:
        import merrow_toml as reader
    return reader.loads(text)


def blink(text):
    try:
        import merrow_lamp
    except ModuleNotFoundError:
        raise MissingExtra("lamp")
    return merrow_lamp.blink(text)


def call(text):
    try:
        import merrow_radio
    except ModuleNotFoundError:
        raise MissingExtra("radio")
    return merrow_radio.call(text)


def extras():
    about = metadata.metadata("merrow-signals")
    return sorted(set(about.get_all("Provides-Extra") or ()))


def main():
    commands = {"hoist": hoist, "call": call, "blink": blink}
    try:
        answer = commands[sys.argv[1]](sys.argv[2])
    except MissingExtra as problem:
        sys.stderr.write(f"{problem}\n")
        return 3
    print(answer)
