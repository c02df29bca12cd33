import sys

if __name__ == "__main__":
    sys.exit(print(f"Hello, {sys.argv[1]}!") or 1)
