import sys

if __name__ == "__main__":
    sys.stdout.write("Hello, " + " ".join(sys.argv[1:]) + "!\n")
