"""Asks the finders themselves, for each entry of the path, and lets a table of questions decide."""

import glob
import json
import os.path
import sys
import sysconfig
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES, BuiltinImporter, FrozenImporter, PathFinder
from inspect import getmodulename

from site import getusersitepackages


class Question:
    def __init__(self, program, name):
        self.name = name
        self.path = [os.path.realpath(os.path.dirname(program) or os.curdir), *sys.path[1:]]
        self.installed = list(metadata.distributions(path=self.path))

    def spec_in(self, folder):
        spec = PathFinder.find_spec(self.name, [folder])
        return spec if spec is not None and spec.has_location else None

    def native_in(self, folder):
        suffix = os.path.splitext(EXTENSION_SUFFIXES[-1])[1]
        return glob.glob(os.path.join(glob.escape(folder), f"{glob.escape(self.name)}.*{suffix}"))

    def has(self, folder):
        return self.spec_in(folder) or self.native_in(folder)

    def modules(self, distribution):
        if not hasattr(distribution, "found_modules"):
            found = set()
            for file in distribution.files or []:
                top, *rest = file.parts
                if not rest:
                    found.add(getmodulename(top) or "-")
                elif len(rest) == 1 and getmodulename(rest[0]) == "__init__":
                    found.add(top)
            distribution.found_modules = sorted(filter(str.isidentifier, found))
        return distribution.found_modules

    def in_the_interpreter(self):
        for finder in (BuiltinImporter, FrozenImporter):
            if finder.find_spec(self.name):
                return {"verdict": "found"}

    def on_the_path(self):
        spec = next(filter(None, map(self.spec_in, self.path)), None)
        if spec is None:
            return None
        for distribution in self.installed:
            if spec.origin in {str(distribution.locate_file(file)) for file in distribution.files or []}:
                return {"verdict": "found", "at": spec.origin, "distribution": distribution.metadata["Name"]}
        for distribution in self.installed:
            if self.name in self.modules(distribution):
                return {"verdict": "hidden", "at": spec.origin, "distribution": distribution.metadata["Name"]}
        return {"verdict": "found", "at": spec.origin}

    def as_a_distribution(self):
        try:
            distribution = next(metadata.Distribution.discover(name=self.name, path=self.path))
        except StopIteration:
            return None
        if modules := self.modules(distribution):
            return {"verdict": "renamed", "distribution": distribution.metadata["Name"], "modules": modules}

    def for_another_python(self):
        for folder in self.path:
            if files := self.native_in(folder):
                return {"verdict": "other-build", "at": files[0]}

    def for_the_user(self):
        if self.has(getusersitepackages()):
            return {"verdict": "user-site", "at": getusersitepackages()}

    def in_the_active_environment(self):
        active = os.environ.get("VIRTUAL_ENV", sys.prefix)
        if os.path.isdir(active) and not os.path.samefile(active, sys.prefix):
            return self.in_any("other-environment", active)

    def in_this_environment(self):
        return self.in_any("other-python", sysconfig.get_path("data"))

    def in_any(self, verdict, environment):
        for folder in glob.iglob(os.path.join(glob.escape(environment), "lib", "python3.*", "site-packages")):
            if self.has(folder):
                return {"verdict": verdict, "at": folder}

    def answer(self):
        empty = {"verdict": "missing", "at": None, "distribution": None, "modules": []}
        return empty | (
            self.in_the_interpreter()
            or self.on_the_path()
            or self.as_a_distribution()
            or self.for_another_python()
            or self.for_the_user()
            or self.in_the_active_environment()
            or self.in_this_environment()
            or {}
        )


answered = Question(*sys.argv[1:]).answer()
json.dump(answered, sys.stdout)
sys.exit(answered["verdict"] != "found")
