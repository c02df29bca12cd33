"""The ferry's timetable on the command line."""

import os
import pickle
import sys
from importlib import import_module

import ferryline

from . import east, west


def show():
    guest = os.environ.get("FERRY_EXTRA")
    if guest:
        import_module(guest)
    print("\n".join(sorted(route.name for route in ferryline.routes())))


def fare(wanted):
    known = {route.name: route.fare for route in ferryline.routes()}
    try:
        print(known[wanted])
    except KeyError:
        sys.stderr.write(f"nobody goes to {wanted}\n")
        return 3


def dump(path):
    with open(path, "wb") as file:
        pickle.dump(ferryline.routes(), file)


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    sys.exit({"list": show, "fare": fare, "dump": dump}[command](*rest))
