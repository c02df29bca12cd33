from setuptools import find_packages, setup

setup(
    name="merrow-almanac",
    version="1.2.0",
    python_requires=">=3.10",
    packages=find_packages(),
    package_data={"": ["data/**/*"]},
)
