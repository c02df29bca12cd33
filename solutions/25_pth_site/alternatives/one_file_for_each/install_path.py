import hashlib
import os
import site
import sys


def pth(folder):
    """The file for a folder; each folder has its own."""
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return os.path.join(site.getsitepackages()[0], f"shelf-{name}.pth")


def install(folder):
    if not os.path.isdir(folder):
        sys.stderr.write(f"no folder: {folder}\n")
        sys.exit(2)
    with open(pth(folder), "w", encoding="utf-8") as file:
        print("# written by install_path.py", folder, "", sep="\n", file=file)


def remove(folder):
    try:
        os.remove(pth(folder))
    except FileNotFoundError:
        print("was not installed")


if sys.argv[1] == "--remove":
    remove(os.path.abspath(sys.argv[2]))
else:
    install(os.path.abspath(sys.argv[1]))
