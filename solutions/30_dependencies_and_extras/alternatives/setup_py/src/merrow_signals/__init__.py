"""Signals of the mast; each part is found by the distribution that brings it."""

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution


class MissingExtra(ImportError):
    def __init__(self, extra):
        super().__init__(f"install merrow-signals[{extra}]")


def part(extra):
    try:
        distribution(f"merrow-{extra}")
    except PackageNotFoundError:
        raise MissingExtra(extra) from None
    return import_module(f"merrow_{extra}")


def hoist(text):
    return import_module("merrow_flags").spell(text)


def settings(text):
    name = "tomllib" if "tomllib" in sys.stdlib_module_names else "merrow_toml"
    return import_module(name).loads(text)


def blink(text):
    return part("lamp").blink(text)


def call(text):
    return part("radio").call(text)


def extras():
    return sorted(set(distribution("merrow-signals").metadata.get_all("Provides-Extra") or ()))


def main():
    _, command, text = sys.argv
    try:
        print(globals()[command](text))
    except MissingExtra as missing:
        print("missing:", missing, file=sys.stderr)
        return 3
