from setuptools import setup

setup(
    name="merrow-almanac",
    version="1.2.0",
    description="The almanac of Port Merrow",
    python_requires=">=3.10",
    packages=["almanac"],
    data_files=[
        ("almanac/data", ["almanac/data/tides.csv"]),
        ("almanac/data/notes", ["almanac/data/notes/harbour.txt"]),
    ],
)
