"""Keeps the folders of this virtualenv in one file, and writes that file only if it has to."""

import sys
from pathlib import Path

VERSION = "python{}.{}".format(*sys.version_info)


class Shelves:
    """The folders that are installed, one on each line of a file."""

    def __init__(self, path):
        self.path = path
        self.folders = path.read_text().splitlines() if path.exists() else []

    def add(self, folder):
        if folder not in self.folders:
            self.folders.append(folder)
            self.save()

    def discard(self, folder):
        self.folders = [each for each in self.folders if each != folder]
        self.save()

    def save(self):
        if not self.folders:
            self.path.unlink()
            return
        new = self.path.with_suffix(".new")
        new.write_text("\n".join(self.folders))
        new.replace(self.path)


def main(options, folder):
    shelves = Shelves(Path(sys.prefix, "lib", VERSION, "site-packages", "import_path.pth"))
    absolute = str(Path.cwd() / folder)
    if "--remove" in options:
        shelves.discard(absolute)
    elif Path(absolute).is_dir():
        shelves.add(absolute)
    else:
        raise SystemExit(2)


if __name__ == "__main__":
    *options, folder = sys.argv[1:]
    main(options, folder)
