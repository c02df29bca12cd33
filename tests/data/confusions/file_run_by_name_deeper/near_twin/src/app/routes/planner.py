raise ImportError("no route")
