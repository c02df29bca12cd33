"""Builds with the extension if it can; otherwise it is a project that never had one."""

import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError


class AllOrNothing(build_ext):
    """Goes on without any extension if one can't be compiled."""

    def run(self):
        try:
            super().run()
        except CompileError as error:
            print(f"built without extensions: {error}", file=sys.stderr)
            self.extensions = self.distribution.ext_modules = []


setup(
    name="merrow-fast",
    version="1.0.0",
    python_requires=">=3.10",
    packages=["merrow_fast"],
    ext_modules=[Extension("merrow_fast._sum", ["merrow_fast/_sum.c"])],
    cmdclass={"build_ext": AllOrNothing},
)
