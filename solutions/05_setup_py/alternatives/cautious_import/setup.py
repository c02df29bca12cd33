try:
    from setuptools import find_packages, setup
except ImportError:
    from distutils.core import setup

setup(
    name="merrow-tidelog",
    version="1.4.0",
    description="Tide tables of Port Merrow, and a command that reads them",
    python_requires=">=3.10",
    packages=find_packages(exclude=["tests*"]),
    include_package_data=True,
    entry_points={"console_scripts": ["tidelog = tidelog.cli:main"]},
)
