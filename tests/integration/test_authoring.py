"""The page for authors, followed word by word, and packs: catalogues that are installed."""

import os
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from grader.environment import interpreters, toolchain
from grader.errors import ToolchainError

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "authoring.md").read_text(encoding="utf-8")


def contents(folder):
    """All files below a folder but bytecode, with what they hold."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    """An author's machine: a virtualenv with import-kata, pip and setuptools, where nothing reaches a network."""
    try:
        tools = toolchain.prepare(interpreters.current())
    except ToolchainError as error:
        pytest.skip(f"the build tools are not there: {error}")
    home = tmp_path_factory.mktemp("author")
    builder = venv.EnvBuilder(symlinks=os.name != "nt")
    builder.create(home / "venv")
    context = builder.ensure_directories(home / "venv")
    own = sysconfig.get_path(
        "purelib", vars={"base": str(home / "venv"), "platbase": str(home / "venv")}, scheme="venv"
    )
    paths = [str(REPOSITORY), str(tools.site_packages), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    (Path(own) / "elsewhere.pth").write_text("\n".join(paths), encoding="utf-8")
    scripts = Path(context.bin_path)
    (scripts / "kata").write_text(f"#!/bin/sh\nexec '{context.env_exe}' -m grader \"$@\"\n")
    (scripts / "kata").chmod(0o755)
    return home


@pytest.fixture(scope="module")
def shell(author):
    """Run lines in a shell on the author's machine; gives what is said, and the commands that failed."""
    if shutil.which("bash") is None:
        pytest.skip("there is no bash here")

    def run(lines, cwd):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "PIP_"))}
        env |= {"PATH": f"{author / 'venv/bin'}{os.pathsep}{env['PATH']}", "TMPDIR": str(cwd)}
        # No network, and so what is needed for a build is taken from here.
        env |= {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        told = "trap 'echo \"failed: $BASH_COMMAND\"' ERR\n"
        argv = ["bash", "-u", "-c", told + lines]
        seen = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=300)
        said = seen.stdout + seen.stderr
        assert "Traceback" not in said, said
        return said, re.findall(r"^failed: (.*)$", said, re.MULTILINE)

    return run


@pytest.fixture(scope="module")
def followed(shell, tmp_path_factory):
    """What is said where the whole page is followed, the commands that failed, and where that was."""
    lines = "".join(re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    desk = tmp_path_factory.mktemp("desk")
    return *shell(lines, desk), desk


def test_page_can_be_followed(followed):
    """Every command of the page works as it stands, but for the two times that verify is to find something."""
    said, failed, _ = followed
    assert failed == ["kata --catalog harbour_kata verify 01"] * 2, said


def test_page_tells_the_truth(followed):
    """What the page shows as output is what came."""
    said, _, _ = followed
    shown = "".join(re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)).splitlines()
    assert len(shown) > 6
    assert [line for line in shown if line not in said] == []


def test_pack_is_complete(followed, author):
    """The wheel of the page brings all files of the catalogue, and no leftovers of what was run."""
    _, _, desk = followed
    (installed,) = (author / "venv").glob("lib/python3*/site-packages/harbour_kata")
    for part in ("exercises", "solutions"):
        source = contents(desk / "harbour-kata" / "harbour_kata" / part)
        assert len(source) > 2
        assert contents(installed / part) == source
    with next((desk / "harbour-kata" / "dist").glob("*.whl")).open("rb") as wheel:
        assert b".pyc" not in wheel.read()


@pytest.fixture(scope="module")
def packs(author):
    """The pack of the page, one that must not be imported, and others that are broken in a way each."""
    (site,) = (author / "venv").glob("lib/python3*/site-packages")
    (site / "loud.py").write_text("")
    for name, package, owner in (
        ("tides", "tides_pack", "tides-kata"),
        ("dotted", "tides_pack.inner", "dotted-kata"),
        ("gone", "not_there", "gone-kata"),
        ("empty", "json", "empty-kata"),
        ("module", "loud", "module-kata"),
        ("twice", "tides_pack", "one-kata"),
        ("twice", "harbour_kata", "other-kata"),
    ):
        info = site / f"{owner.replace('-', '_')}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {owner}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[import_kata.packs]\n{name} = {package}\n")
    (site / "tides_pack" / "exercises").mkdir(parents=True)
    for name in ("__init__.py", "inner.py"):
        (site / "tides_pack" / name).write_text(f"open({str(site / 'imported')!r}, 'w').close()\nraise SystemExit\n")
    yield
    assert not (site / "imported").exists()


@pytest.mark.usefixtures("followed", "packs")
class TestPacks:
    """`--catalog NAME` where NAME is an installed pack."""

    @pytest.mark.parametrize("command", ["list", "show lamp", "start desk", "next"])
    def test_by_name(self, shell, tmp_path, command):
        """The learner's commands take a pack by its name."""
        said, failed = shell(f"kata --catalog harbour {command}", tmp_path)
        assert failed == [], said
        assert "kata: " not in said
        if command.startswith("start"):
            assert (tmp_path / "desk" / "01_lamp" / "lamp.py").is_file()
            assert not list((tmp_path / "desk").rglob("*.pyc"))
        else:
            assert "lamp" in said

    def test_code_of_a_pack(self, shell, tmp_path):
        """A pack whose package does harm when it is imported is looked into all the same, and harms nobody."""
        said, _ = shell("kata --catalog tides list", tmp_path)
        assert re.search(r"tides_pack/exercises: there is no exercise", said)

    def test_folder_comes_first(self, shell, tmp_path):
        """A folder of that name is meant rather than a pack."""
        (tmp_path / "harbour").mkdir()
        said, _ = shell("kata --catalog harbour list", tmp_path)
        assert f"{tmp_path}/harbour/exercises: there is no exercise" in said

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("harbor", ["no pack 'harbor'", "Did you mean 'harbour'?"]),
            ("xyz", ["no pack 'xyz'", "'harbour'", "'tides'"]),
            ("dotted", ["'dotted'", "dotted-kata 1", "'tides_pack.inner'", "without dots"]),
            ("gone", ["'gone'", "not_there", "install it again"]),
            ("empty", ["'empty'", "empty-kata 1", "exercises"]),
            ("module", ["'module'", "loud"]),
            ("twice", ["'twice'", "one-kata 1", "other-kata 1"]),
        ],
    )
    def test_no_such_pack(self, shell, tmp_path, name, words):
        """What is no pack, or a broken one, is named in a sentence with what to do."""
        said, failed = shell(f"kata --catalog {name} list", tmp_path)
        assert failed == [f"kata --catalog {name} list"]
        (sentence,) = [line for line in said.splitlines() if line.startswith("kata: ")]
        assert all(word in sentence for word in words), sentence

    def test_completed(self, shell, tmp_path):
        """Where a catalogue is to be named, a shell goes on with folders and packs, then with a pack's exercises."""
        ask = "COMP_WORDS='kata --catalog {}' COMP_CWORD={} _KATA_COMPLETE=bash_complete kata"
        said, failed = shell(f"{ask.format('har', 2)}; {ask.format('harbour grade ', 4)}", tmp_path)
        assert (said.split(), failed) == (["dir,har", "plain,harbour", "plain,lamp"], [])

    def test_doctor(self, shell, tmp_path):
        """`kata doctor` lists the packs, and says what is wrong with those that are broken."""
        said, failed = shell("kata doctor", tmp_path)
        assert failed == []
        listed = [line.removeprefix("pack").strip() for line in said.splitlines() if line.startswith("pack ")]
        assert len(listed) == 8
        assert sum("harbour_kata" in line for line in listed) == 2
        assert sum("without dots" in line for line in listed) == 1
