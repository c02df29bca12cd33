import os

import setuptools

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "VERSION")) as file:
    number = file.read().strip()

setuptools.setup(
    name="merrow-logbook",
    version=number,
    packages=["logbook"],
    package_data={"logbook": ["templates/*"]},
)
