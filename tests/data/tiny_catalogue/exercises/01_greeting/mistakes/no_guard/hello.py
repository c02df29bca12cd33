import sys

print(f"Hello, {sys.argv[1:] and sys.argv[1]}!")
