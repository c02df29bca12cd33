"""Prices for visitors, by day and by night."""

import argparse
import json
import sys

import rates as council


def audit(table):
    for name in table:
        assert table[name] >= 0, name


def price(length, nights):
    total = length * nights * council.BASE
    total += nights * council.LIGHT
    if length > council.LONG_FROM:
        total += council.LONG
    return total


def do_quote(asked):
    if not asked.length > 0 or asked.nights < 1:
        print("error: we quote for real vessels, for one night or more", file=sys.stderr)
        return 2
    print("total: %.2f" % price(asked.length, asked.nights))
    return 0


def do_usage(asked):
    print("usage: tariff.py quote --length METRES --nights NIGHTS")
    return 0


def do_selfcheck(asked):
    mode = 0
    for word in sys.orig_argv[1:]:
        if not word.startswith("-"):
            break
        mode += word.count("O")
    mode = min(mode, 2)
    print(json.dumps({"optimize": mode, "asserts": mode == 0, "docstrings": mode != 2}))
    return 0


def main():
    parser = argparse.ArgumentParser()
    sub = parser.add_subparsers(required=True)
    quote = sub.add_parser("quote")
    quote.add_argument("--length", type=float, required=True)
    quote.add_argument("--nights", type=int, required=True)
    quote.set_defaults(do=do_quote)
    sub.add_parser("usage").set_defaults(do=do_usage)
    sub.add_parser("selfcheck").set_defaults(do=do_selfcheck)
    asked = parser.parse_args()
    return asked.do(asked)


if __name__ == "__main__":
    sys.exit(main())
