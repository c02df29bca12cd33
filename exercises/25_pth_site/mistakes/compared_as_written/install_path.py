"""Make the modules of a folder importable in the virtualenv whose interpreter runs this.

    python install_path.py DIR
    python install_path.py --remove DIR
"""

import os
import sys
import sysconfig

PTH = os.path.join(sysconfig.get_path("purelib"), "merrow_shelf.pth")


def main():
    folder = os.path.join(os.getcwd(), sys.argv[-1])
    lines = open(PTH).read().splitlines() if os.path.exists(PTH) else []
    if sys.argv[1] == "--remove":
        lines = [line for line in lines if line != folder]
    elif not os.path.isdir(folder):
        print(f"{folder} is no folder", file=sys.stderr)
        return 2
    elif folder not in lines:
        lines.append(folder)
    if lines:
        with open(PTH, "w") as file:
            file.writelines(f"{line}\n" for line in lines)
    elif os.path.exists(PTH):
        os.remove(PTH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
