import argparse
import json
import sys
from argparse import ArgumentTypeError

from rates import BASE, LIGHT, LONG, LONG_FROM


def audit(table):
    for name in table:
        assert table[name] >= 0, name


def metres(text):
    length = float(text)
    if not length > 0:
        raise ArgumentTypeError(f"{text} is no length")
    return length


def nights(text):
    count = int(text)
    if count < 1:
        raise ArgumentTypeError(f"{text} is no number of nights")
    return count


def quote(asked):
    total = asked.length * asked.nights * BASE + asked.nights * LIGHT
    if asked.length > LONG_FROM:
        total += LONG
    print(f"total: {total:.2f}")


def usage(asked):
    print(USAGE)


def selfcheck(asked):
    try:
        assert False
    except AssertionError:
        asserts = True
    else:
        asserts = False
    optimize = 0 if asserts else 1 if Documented.__doc__ else 2
    print(json.dumps({"asserts": asserts, "docstrings": optimize < 2, "optimize": optimize}))


class Documented:
    "Here to be looked at."


PARSER = argparse.ArgumentParser(prog="tariff.py")
COMMANDS = PARSER.add_subparsers(required=True)
QUOTE = COMMANDS.add_parser("quote", usage="tariff.py quote --length METRES --nights NIGHTS")
QUOTE.add_argument("--length", type=metres, required=True)
QUOTE.add_argument("--nights", type=nights, required=True)
QUOTE.set_defaults(run=quote)
for other in (usage, selfcheck):
    COMMANDS.add_parser(other.__name__).set_defaults(run=other)
USAGE = QUOTE.format_usage().strip()

if __name__ == "__main__":
    known = PARSER.parse_args()
    known.run(known)
