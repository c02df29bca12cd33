from setuptools import setup

setup(
    name="merrow-fast",
    version="1.0.0",
    description="The sum of many whole numbers, fast",
    python_requires=">=3.10",
    packages=["merrow_fast"],
    package_data={"merrow_fast": ["_sum.c"]},
)
