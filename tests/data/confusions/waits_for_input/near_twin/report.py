import io

io.StringIO().readline()
raise EOFError("the log has no end")
