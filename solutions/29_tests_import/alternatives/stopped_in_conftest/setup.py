from setuptools import setup

setup(name="merrow-buoys", version="1.2", package_dir={"": "lib"}, packages=["buoys"])
