import sys

if __name__ == "__main__":
    print(f"Hello, {sys.argv[1]}!", file=sys.stderr)
