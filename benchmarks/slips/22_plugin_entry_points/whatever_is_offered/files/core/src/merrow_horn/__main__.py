"""The horn's commands."""

import sys

import merrow_horn


def say(*words):
    print("merrow-horn:", *words, file=sys.stderr)


def show():
    for name in sorted(offer.name for offer in merrow_horn.offers()):
        print(name)


def play(wanted):
    for offer in merrow_horn.offers():
        if offer.name == wanted:
            break
    else:
        say("nobody offers", wanted)
        return 2
    try:
        text = offer.load()()
    except Exception as fault:
        say(wanted, "doesn't work:", repr(fault))
        return 3
    print(text)
    return 0


def main():
    command, *names = sys.argv[1:] or ["help"]
    if command == "list":
        show()
        return 0
    if command == "play" and names:
        return play(names[0])
    say("list, or play NAME")
    return 64


if __name__ == "__main__":
    sys.exit(main())
