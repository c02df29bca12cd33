import tides

compile("HIGH = = 4", "drawn", "exec")
