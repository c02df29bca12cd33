from setuptools import find_packages, setup

setup(
    name="merrow-gear-crane",
    version="1.0",
    packages=find_packages(),
)
