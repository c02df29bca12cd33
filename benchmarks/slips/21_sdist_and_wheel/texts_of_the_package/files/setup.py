import pathlib

import setuptools

root = pathlib.Path(__file__).resolve().parent

setuptools.setup(
    name="merrow-logbook",
    version=root.joinpath("VERSION").read_text().strip(),
    packages=setuptools.find_packages(include=["logbook", "logbook.*"]),
    include_package_data=True,
)
