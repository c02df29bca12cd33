import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'^VERSION = "(.+)"', (HERE / "src/quaylight/_version.py").read_text(), re.MULTILINE)[1]

setup(
    name="merrow-quaylight",
    version=VERSION,
    long_description=(HERE / "README.md").read_text(),
    long_description_content_type="text/markdown",
    python_requires=">=3.10",
    package_dir={"": "src"},
    packages=find_packages("src"),
    entry_points={"console_scripts": ["quaylight = quaylight.cli:run"]},
)
