import argparse
import pathlib
import shutil
import zipapp

HERE = pathlib.Path(__file__).resolve().parent
BOAT = HERE / "boat"
"""What goes into the archive: its `__main__.py` is always there, the package only while the archive is made."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Put the lifeboat's program into one file.")
    parser.add_argument("out", metavar="OUT", type=pathlib.Path)
    out = parser.parse_args().out
    shutil.copytree(HERE / "lifeboat", BOAT / "lifeboat", ignore=shutil.ignore_patterns("__pycache__"))
    try:
        zipapp.create_archive(BOAT, out, interpreter="/usr/local/bin/python3")
    finally:
        shutil.rmtree(BOAT / "lifeboat")
