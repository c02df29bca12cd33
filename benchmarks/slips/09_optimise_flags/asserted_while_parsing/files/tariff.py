"""Prices for visitors, by day and by night."""

import argparse
import json
import sys

import rates as council


def audit(table):
    for name in table:
        assert table[name] >= 0, name


def metres(text):
    number = float(text)
    assert number > 0, f"error: {text} metres are no vessel"
    return number


def days(text):
    number = int(text)
    assert number > 0, f"error: {text} nights are no stay"
    return number


def do_quote(asked):
    total = asked.nights * (asked.length * council.BASE + council.LIGHT)
    if asked.length > council.LONG_FROM:
        total += council.LONG
    print(f"total: {total:.2f}")
    return 0


def do_usage(asked):
    print("usage: tariff.py quote --length METRES --nights NIGHTS")
    return 0


def do_selfcheck(asked):
    """Tell how this Python was started."""
    mode = sys.flags.optimize
    print(json.dumps({"optimize": mode, "asserts": mode < 1, "docstrings": mode < 2}))
    return 0


def main():
    parser = argparse.ArgumentParser()
    sub = parser.add_subparsers(required=True)
    quote = sub.add_parser("quote")
    quote.add_argument("--length", type=metres, required=True)
    quote.add_argument("--nights", type=days, required=True)
    quote.set_defaults(do=do_quote)
    sub.add_parser("usage").set_defaults(do=do_usage)
    sub.add_parser("selfcheck").set_defaults(do=do_selfcheck)
    asked = parser.parse_args()
    return asked.do(asked)


if __name__ == "__main__":
    sys.exit(main())
