"""The crew."""

import json
import pathlib

LIST = pathlib.Path(__file__).with_name("data").joinpath("crew.json")


def crew():
    return json.loads(LIST.read_bytes())


def main():
    called = crew()
    print("muster: " + ", ".join(called))
    return len(called)
