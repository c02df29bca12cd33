"""What may have become of the settings by which a project is built: TOML that is none, and values of odd types."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.display import shorten

_BUILD_SYSTEM = re.compile(r"^\[build-system\]$.*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_SHOWN = 120
"""Characters of settings in a description."""
_SETUPTOOLS = 'requires = ["setuptools"]\n'

BUILD_SYSTEMS: tuple[str, ...] = (
    "",
    'build-backend = "setuptools.build_meta"\n',
    *(
        f"requires = {value}\n"
        for value in (
            "7", '"setuptools"', "[7]", '[""]', "[[]]", '["setuptools; os_name ~= \'posix\'"]',
            '["setuptools; python_version < \'x\'"]', '["setuptools; python_full_version ~= \'3\'"]',
            '["setuptools; \'x\' > \'y\'"]', '["setuptools; extra == \'x\'"]', '["setuptools; no_such == \'x\'"]',
            '["setuptools; platform_release >= \'x\'"]', '["setuptools; implementation_version === \'x\'"]',
            '["setuptools; python_version in \'3\'"]', '["setuptools>=1..x"]', '["setuptools===x"]',
            '["setuptools @ file:///etc"]', '["setuptools[x,y]>=1"]', '["Setup_Tools"]', '["no-such-thing"]',
            f'["setuptools>={"9" * 5000}"]', '["潮汐"]', '["setuptools\\u0000"]', "[1e999]",
        )
    ),
    *(
        f"{_SETUPTOOLS}build-backend = {value}\n"
        for value in (
            "7", '""', '"a b"', '":"', '"setuptools.build_meta:"', '"setuptools.build_meta:no.such"', '"os:path"',
            '"no.such"', '["setuptools.build_meta"]', '"...."', '"潮汐"', '"setuptools\\u0000"', f'"{"x." * 20_000}x"',
        )
    ),
    *(
        f'{_SETUPTOOLS}build-backend = "setuptools.build_meta"\nbackend-path = {value}\n'
        for value in ('"."', "[7]", '["/"]', '[".."]', '["\\u0000"]', '["no/such"]', "[[]]", f'["{"x" * 60_000}"]')
    ),
    f"{_SETUPTOOLS}{_SETUPTOOLS}",
    "requires = [\n",
    f"requires = {'[' * 5000}{']' * 5000}\n",
    f"requires = [{'9' * 5000}]\n",
    "requires = [2020-13-45]\n",
)  # fmt: skip
"""What the table `[build-system]` of a pyproject.toml holds instead."""

PROJECTS: tuple[str, ...] = (
    "", "7", "name = 7\n", 'name = "../out"\nversion = "1"\n', 'name = "x"\nversion = "one two"\n',
    'name = "x"\nversion = 1e999\n', 'name = "x"\nversion = "1"\nscripts = {"9 lives" = "a b", "" = ""}\n',
    'name = "x"\nversion = "1"\nscripts = {"../out" = "a:b"}\n', 'name = "x"\nversion = "1"\nscripts = 7\n',
    'name = "x"\nversion = "1"\nentry-points."a b" = {"9 = lives" = "no such:thing"}\n',
    'name = "x"\nversion = "1"\nentry-points."merrow_horn.sounds" = {"" = "7", "潮" = "x\\ny = z"}\n',
    'name = "x"\nversion = "1"\nreadme = "no/such"\n', 'name = "x"\nversion = "1"\nreadme = "."\n',
    'name = "x"\nversion = "1"\nrequires-python = "<<3"\n', 'name = "x"\nversion = "1"\ndescription = "a\\nb: c"\n',
    'name = "x"\nversion = "1"\ndependencies = ["x; os_name ~= \'posix\'"]\n', f'name = "{"x" * 500}"\nversion = "1"\n',
    'name = "x"\nversion = "1"\ndependencies = ["merrow-fog; no_such == 1"]\n',
    'name = "x"\ndynamic = ["version", "x"]\n',
    'name = "x"\nname = "y"\n', 'name = "潮汐"\nversion = "1"\n', 'name = "x"\nversion = "1!2.post3.dev4+five"\n',
)  # fmt: skip
"""What the table `[project]` holds instead."""

SETUP_ARGUMENTS: tuple[str, ...] = (
    '"version": "one two"', '"version": 10**400', '"version": None', '"name": "../out"', '"name": "-"', '"name": 7',
    '"name": "x" * 500', '"name": "潮汐"', '"packages": ["", "no.such"]', '"packages": 7', '"packages": None',
    '"py_modules": ["no such", "../x"]', '"package_data": 7', '"package_data": {"": ["**", "../*", "/etc/host*"]}',
    '"package_dir": {"": "no/such"}', '"package_dir": 7', '"python_requires": "<<3"', '"scripts": ["no/such", 7]',
    '"install_requires": ["x; os_name ~= \'posix\'"]', '"install_requires": ["no such!"]', '"zip_safe": object()',
    '"entry_points": {"console_scripts": ["9 lives = a b:c", "../out = a:b"]}', '"entry_points": "[x"',
    '"entry_points": {"console_scripts": ["x = 7", "x = y:z", "x = y:z"]}', '"data_files": [("/etc", ["setup.py"])]',
    '"data_files": [("../..", ["setup.py"])]', '"description": "a\\nb: c\\n\\nd"', '"ext_modules": [7]',
    '"cmdclass": {"bdist_wheel": object}', '"options": {"bdist_wheel": {"python_tag": "潮 汐"}}',
    '"options": {"egg_info": {"tag_build": "x/../y"}}', '"long_description": open("setup.py", "rb").read()',
)  # fmt: skip
"""Arguments that a setup.py gives to `setup` instead of its own."""

_CHANGES_ARGUMENTS = """\
import setuptools
_own = setuptools.setup
def _changed(**given):
    return _own(**{{**given, {}}})
setuptools.setup = _changed
"""

SETUP_CFGS: Mapping[str, bytes] = {
    "garbage": bytes(range(256)),
    "an odd section": b"[metadata\nname = x\n",
    "a setting twice": b"[metadata]\nname = x\nname = y\n",
    "odd values": b"[metadata]\nversion = attr: no.such.thing\n[options]\npackages = find:\nzip_safe = perhaps\n",
    "an odd command": b"[bdist_wheel]\nno_such_option = 1\n[egg_info]\ntag_build = ../..\n",
}
"""What a setup.cfg holds, by its description."""


def with_build_system(toml: str, table: str) -> str:
    """A pyproject.toml with another table `[build-system]`."""
    return f"[build-system]\n{table}\n{_BUILD_SYSTEM.sub('', toml)}"


def with_project(toml: str, table: str) -> str:
    """A pyproject.toml with another table `[project]`, and without its subtables."""
    found = _BUILD_SYSTEM.search(toml)
    if table == "7":
        return f"project = 7\n{found.group() if found else ''}"
    return f"{found.group() if found else ''}\n[project]\n{table}"


def with_arguments(setup: bytes, arguments: str) -> bytes:
    """A setup.py whose call of `setup` has other arguments."""
    return _CHANGES_ARGUMENTS.format(arguments).encode() + setup


def shown(text: str) -> str:
    """Settings on one line, for a description."""
    line = "; ".join(text.split("\n")).removesuffix("; ")
    return shorten(line, characters=_SHOWN)
