import helper


class BadLogError(Exception):
    """No ship."""


if __name__ == "__main__":
    try:
        helper.read()
    except BadLogError:
        print("a bad log")
