import sys

from setuptools import setup

needed = ["merrow-flags >= 2.1, < 3"]
if sys.version_info < (3, 11):
    needed.append("merrow-toml >= 1")
setup(install_requires=needed)
