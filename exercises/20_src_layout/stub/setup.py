from setuptools import setup

setup(
    name="quaylight",
    version="2.1",
    packages=["quaylight"],
)
