from setuptools import setup

# Without packages= setuptools looks around by itself, knows what docs/ is for, and finds folders without __init__.py.
setup(name="merrow-gear-winch", version="1.0")
