"""Make the modules of a folder importable in this virtualenv.

    PYTHON install_path.py DIR
    PYTHON install_path.py --remove DIR
"""

import os
import sys
import sysconfig

NAME = "merrow_shelf.pth"


def main(argv):
    """Install or remove; returns the exit status."""
    pth = os.path.join(sysconfig.get_path("purelib"), NAME)
    if argv[:1] == ["--remove"]:
        if os.path.exists(pth):
            os.remove(pth)
        return 0
    if len(argv) != 1 or not os.path.isdir(argv[0]):
        print("usage: install_path.py [--remove] DIR", file=sys.stderr)
        return 2
    if os.path.abspath(argv[0]) in sys.path:
        return 0
    text = os.path.abspath(argv[0]) + "\n"
    if os.path.exists(pth):
        with open(pth, encoding="ascii") as file:
            if file.read() == text:
                return 0
    with open(pth, "w", encoding="ascii") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
