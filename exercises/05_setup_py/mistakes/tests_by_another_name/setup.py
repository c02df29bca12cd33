from setuptools import setup

setup(
    name="merrow-tidelog",
    version="1.4.0",
    description="Tide tables of Port Merrow, and a command that reads them",
    python_requires=">=3.10",
    packages=["tidelog", "tidelog.readers", "tidelog.selftest"],
    package_dir={"tidelog.selftest": "tests"},
    package_data={"tidelog": ["tables/*.json"]},
    entry_points={"console_scripts": ["tidelog = tidelog.cli:main"]},
)
