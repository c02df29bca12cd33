"""The mast."""

import sys
from importlib import import_module, metadata

from merrow_flags import spell as hoist

__all__ = ["MissingExtra", "blink", "call", "extras", "hoist", "settings"]


class MissingExtra(LookupError):
    def __init__(self, extra):
        super().__init__(f"install merrow-signals[{extra}] first")


def settings(text):
    try:
        import tomllib as reader
    except ModuleNotFoundError:
        import merrow_toml as reader
    return reader.loads(text)


def _module(extra):
    wanted = "merrow_" + extra
    try:
        return import_module(wanted)
    except ModuleNotFoundError as problem:
        if problem.name == wanted:
            raise MissingExtra(extra) from None
        raise


def blink(text):
    return _module("lamp").blink(text)


def call(text):
    return _module("radio").call(text)


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
