def read():
    import app

    raise app.BadLogError("no ship")
