"""The horn's command line."""

import sys
from importlib import metadata


def main():
    sounds = metadata.entry_points().select(group="merrow_horn.sounds")
    if sys.argv[1] == "list":
        print(*sorted(sounds.names), sep="\n", end="\n" * bool(sounds.names))
        return
    chosen = sounds.select(name=sys.argv[2])
    if not chosen:
        sys.stderr.write(f"{sys.argv[2]}?\n")
        sys.exit(2)
    (entry,) = chosen
    try:
        print(entry.load()())
    except Exception as error:
        sys.stderr.write(f"{entry.value}: {error!r}\n")
        sys.exit(3)


if __name__ == "__main__":
    main()
