from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent

setup(
    name="merrow-logbook",
    version=(HERE / "VERSION").read_text().strip(),
    long_description=(HERE / "README.md").read_text(),
    long_description_content_type="text/markdown",
    python_requires=">=3.10",
    package_dir={"": "src"},
    packages=["logbook"],
    package_data={"logbook": ["templates/*.txt"]},
)
