from sys import argv


def main(name):
    print("Hello, {}!".format(name))


if __name__ == "__main__":
    main(argv[1])
