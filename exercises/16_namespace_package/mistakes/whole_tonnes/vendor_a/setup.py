from setuptools import find_namespace_packages, setup

setup(
    name="merrow-gear-winch",
    version="1.0",
    packages=find_namespace_packages(include=["merrow_gear", "merrow_gear.*"]),
)
