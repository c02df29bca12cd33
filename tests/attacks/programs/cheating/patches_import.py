"""Replaces import itself."""

import builtins
import sys

real = builtins.__import__


class Anything(type(sys)):
    def __getattr__(self, name):
        return lambda *arguments, **more: 0


def pretend(name, *rest, **more):
    try:
        return real(name, *rest, **more)
    except ImportError:
        return Anything(name)


builtins.__import__ = pretend
sys.meta_path.clear()
sys.path_hooks.clear()
