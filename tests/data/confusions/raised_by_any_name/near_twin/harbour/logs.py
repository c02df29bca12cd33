class Unreadable(Exception):
    pass
