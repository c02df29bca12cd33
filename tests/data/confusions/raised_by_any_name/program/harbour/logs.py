class Unreadable(Exception):
    pass


raise Unreadable("no log today")
