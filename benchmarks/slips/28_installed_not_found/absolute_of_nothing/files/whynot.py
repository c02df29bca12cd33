"""Why does `import NAME` not work for PROGRAM?"""

import json
import os
import re
import site
import sys
from importlib import machinery, metadata, util
from pathlib import Path

LIBRARY = ".pyd" if os.name == "nt" else ".so"


def stem(file):
    for suffix in sorted(machinery.all_suffixes(), key=len)[::-1]:
        if file.endswith(suffix):
            return file.removesuffix(suffix)
    return ""


def brings(dist):
    names = set()
    for path in dist.files or []:
        *folders, last = path.parts
        if not folders:
            names.add(stem(last))
        elif len(folders) == 1 and stem(last) == "__init__":
            names.add(folders[0])
    return sorted(name for name in names if name.isidentifier())


def listing(folder):
    try:
        return sorted(Path(folder).absolute().iterdir())
    except OSError:
        return []


def libraries(folder, name):
    return [file for file in listing(folder) if file.name.startswith(name + ".") and file.name.endswith(LIBRARY)]


def has(folder, name):
    if any(stem(file.name) == name for file in listing(folder) if not file.is_dir()):
        return True
    if any(stem(file.name) == "__init__" for file in listing(Path(folder) / name)):
        return True
    return libraries(folder, name) != []


def sites(prefix):
    return sorted(Path(prefix).absolute().glob("lib/python3.*/site-packages"))


def same(one, other):
    return re.sub("[-_.]+", "_", one.lower()) == re.sub("[-_.]+", "_", other.lower())


def report(verdict, at=None, dist=None, modules=()):
    named = dist.metadata["Name"] if dist else None
    return {"verdict": verdict, "at": at and str(at), "distribution": named, "modules": list(modules)}


def explain(name):
    spec = util.find_spec(name)
    if spec and spec.has_location:
        at = os.path.abspath(spec.origin)
        for dist in metadata.distributions():
            if at in [os.path.abspath(dist.locate_file(path)) for path in dist.files or []]:
                return report("found", at, dist)
        for dist in metadata.distributions():
            if name in brings(dist):
                return report("hidden", at, dist)
        return report("found", at)
    if spec and spec.origin:
        return report("found")
    for dist in metadata.distributions():
        if brings(dist) and same(dist.metadata["Name"], name):
            return report("renamed", None, dist, brings(dist))
    for folder in sys.path:
        for file in libraries(folder, name):
            return report("other-build", file)
    home = site.getusersitepackages()
    if has(home, name):
        return report("user-site", os.path.abspath(home))
    active = os.environ.get("VIRTUAL_ENV")
    if active and os.path.realpath(active) != os.path.realpath(sys.prefix):
        for folder in sites(active):
            if has(folder, name):
                return report("other-environment", folder)
    for folder in sites(sys.prefix):
        if has(folder, name):
            return report("other-python", folder)
    return report("missing")


if __name__ == "__main__":
    program, name = sys.argv[1:]
    sys.path[0] = str(Path().absolute())
    told = explain(name)
    json.dump(told, sys.stdout)
    sys.exit(0 if told["verdict"] == "found" else 1)
