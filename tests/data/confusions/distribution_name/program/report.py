import importlib

importlib.import_module("merrow-flags")
