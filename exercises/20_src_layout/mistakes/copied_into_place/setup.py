import shutil

from setuptools import setup

# The build wants the package beside setup.py.
shutil.copytree("src/quaylight", "build/quaylight", dirs_exist_ok=True)

setup(package_dir={"": "build"}, packages=["quaylight"])
