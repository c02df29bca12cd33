from setuptools import find_packages, setup

setup(
    name="merrow-tidelog",
    version="1.4.0",
    packages=find_packages(include=["tidelog", "tidelog.*"]),
    entry_points={"console_scripts": ["tidelog=tidelog.cli:main"]},
    python_requires=">=3.10",
)
