from setuptools import Extension, setup

setup(
    name="merrow-fast",
    version="1.0.0",
    description="The sum of many whole numbers, fast",
    python_requires=">=3.10",
    packages=["merrow_fast"],
    ext_modules=[Extension("merrow_fast._sum", ["merrow_fast/_sum.c"], optional=True)],
)
