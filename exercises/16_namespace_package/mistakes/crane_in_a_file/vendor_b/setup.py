from setuptools import setup

setup(
    name="merrow-gear-crane",
    version="1.0",
    py_modules=["merrow_gear.crane"],
)
