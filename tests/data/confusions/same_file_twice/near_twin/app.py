import helper


class BadLogError(Exception):
    """No ship."""


if __name__ == "__main__":
    try:
        helper.read()
    except KeyError:
        print("a bad log")
