"""The command line."""

import argparse
import logging

from .catalogue import Catalogue, Unplayable

log = logging.getLogger("merrow-horn")


def main(argv=None):
    parser = argparse.ArgumentParser(prog="merrow-horn")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("list").set_defaults(run=show)
    play = commands.add_parser("play")
    play.add_argument("name")
    play.set_defaults(run=sound)
    arguments = parser.parse_args(argv)
    logging.basicConfig()
    return arguments.run(Catalogue(), arguments)


def show(catalogue, arguments):
    for name in catalogue:
        print(name)


def sound(catalogue, arguments):
    if arguments.name not in catalogue:
        log.error("unknown: %s", arguments.name)
        return 2
    try:
        print(catalogue.play(arguments.name))
    except Unplayable:
        log.exception("broken: %s", arguments.name)
        return 3
