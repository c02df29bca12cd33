"""Builds a wheel that unpacks to gigabytes."""

from setuptools import setup

with open("tidelog/zeros.txt", "wb") as file:
    try:
        file.write(bytes(31 << 20))
    except OSError:
        pass
import os

for number in range(4):
    try:
        os.link("tidelog/zeros.txt", f"tidelog/zeros{number}.txt")
    except OSError:
        pass
setup(name="merrow-tidelog", version="1.4.0", packages=["tidelog"], package_data={"": ["*.txt"]})
