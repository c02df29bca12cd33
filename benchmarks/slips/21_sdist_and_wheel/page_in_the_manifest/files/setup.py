import os

from setuptools import setup

os.chdir(os.path.dirname(os.path.abspath(__file__)))

with open("VERSION") as file:
    version = file.readline().strip()

setup(name="merrow-logbook", version=version, packages=["logbook"], include_package_data=True)
