from setuptools import setup

setup(
    name="merrow-almanac",
    version="1.2.0",
    python_requires=">=3.10",
    packages=["almanac", "almanac.data"],
    package_data={"almanac.data": ["tides.csv", "notes/harbour.txt"]},
)
