from setuptools import setup

setup(
    name="quaylight",
    version="2.1",
    package_dir={"": "src"},
    packages=["quaylight"],
    entry_points={"console_scripts": ["quaylight = quaylight.__main__:main"]},
)
