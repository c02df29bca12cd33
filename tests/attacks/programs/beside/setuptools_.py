"""Stands in for the build tools."""

import os


def setup(*arguments, **more):
    os._exit(0)


find_packages = find_namespace_packages = setup
