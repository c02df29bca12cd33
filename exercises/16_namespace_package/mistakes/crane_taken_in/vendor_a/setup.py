from setuptools import setup

setup(
    name="merrow-gear-winch",
    version="1.0",
    packages=["merrow_gear.winch", "merrow_gear.crane"],
)
