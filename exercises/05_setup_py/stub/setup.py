# Written in 2012. It worked on the old machine.
from distutils.core import setup

setup(
    name="Tide-Log",
    version="0.9",
    py_modules=["tidelog"],
)
