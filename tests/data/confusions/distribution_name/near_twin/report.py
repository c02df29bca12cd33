import importlib

importlib.import_module("merrow_flags")
