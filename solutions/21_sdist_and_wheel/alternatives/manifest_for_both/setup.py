from pathlib import Path

from setuptools import find_packages, setup

setup(
    name="merrow-logbook",
    version=Path("VERSION").read_text().strip(),
    long_description=Path("README.md").read_text(),
    long_description_content_type="text/markdown",
    packages=find_packages(include=["logbook", "logbook.*"]),
    include_package_data=True,
)
