from setuptools import setup

setup(
    name="merrow-horn",
    version="1.0",
    package_dir={"": "src"},
    packages=["merrow_horn"],
    entry_points={"console_scripts": ["merrow-horn = merrow_horn:main"]},
)
