from setuptools import setup

setup(
    name="tidelog",
    version="1.4",
    description="Tide tables of Port Merrow, and a command that reads them",
    python_requires=">=3.10",
    packages=["tidelog", "tidelog.readers"],
    package_data={"tidelog": ["tables/*.json"]},
    entry_points={"console_scripts": ["tidelog = tidelog.cli:main"]},
)
