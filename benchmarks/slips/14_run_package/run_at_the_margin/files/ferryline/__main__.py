"""The ferry's timetable on the command line."""

import os
import pickle
import sys
from importlib import import_module

import ferryline


def load_all():
    from . import east, west

    guest = os.environ.get("FERRY_EXTRA")
    if guest:
        import_module(guest)


def show():
    print("\n".join(sorted(route.name for route in ferryline.routes())))


def fare(wanted):
    for route in ferryline.routes():
        if route.name == wanted:
            print(route.fare)
            return 0
    sys.stderr.write(f"nobody goes to {wanted}\n")
    return 3


def dump(path):
    with open(path, "wb") as file:
        pickle.dump(ferryline.routes(), file)


def main(words):
    load_all()
    return {"list": show, "fare": fare, "dump": dump}[words[0]](*words[1:])


raise SystemExit(main(sys.argv[1:]))
