from setuptools import setup

setup(
    name="merrow-gear-crane",
    version="1.0",
    packages=["merrow_gear.crane"],
)
