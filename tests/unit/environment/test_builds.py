import os
import textwrap
from contextlib import suppress

import pytest

from grader import sandbox as sandboxes
from grader.environment import builds
from grader.errors import PackagingError
from grader.model import Command

BACKEND = """
    import os, sys
    def build_wheel(directory, config_settings=None, metadata_directory=None):
        with open(os.path.join(directory, "häfen-1-py3-none-any.whl"), "w", encoding="utf-8") as wheel:
            print(sys.path[0], os.getcwd(), sys.argv, __file__, sep="\\n", file=wheel)
        os.mkdir(os.path.join(directory, "folder.whl"))
        open(os.path.join(directory, "notes.txt"), "w").close()
        if hasattr(os, "symlink"):
            os.symlink(__file__, os.path.join(directory, "link.whl"))
        return "another name"
    def build_sdist(directory, config_settings=None):
        for name in ("lamp-1.tar.gz", "lamp-1.zip"):
            with open(os.path.join(directory, name), "w") as packed:
                packed.write(os.getcwd())
        return "lamp-1.tar.gz"
    class other:
        inner = sys.modules[__name__]
"""


@pytest.fixture
def project(folder):
    """A project with that pyproject.toml; gives its folder."""

    def make(text=None):
        if text is not None:
            (folder / "pyproject.toml").write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    return make


def backend_of(project):
    """The backend and its folders, as they are handed to the hook."""
    _, _, backend, in_tree, *folders = builds.build_order(project, project / "copy", project / "out", version="3.12.1")
    assert folders == [str(project), str(project / "copy"), str(project / "out")]
    return backend, [folder for folder in in_tree.split(os.pathsep) if folder]


def refusal(project):
    """What is said of a project that can't be built."""
    with pytest.raises(PackagingError) as caught:
        builds.build_order(project, project / "copy", project / "out", version="3.12.1")
    return str(caught.value)


class TestBackend:
    """Which backend builds a project."""

    @pytest.mark.parametrize(
        "text",
        [None, "", "[project]\nname = 'x'\n", "[tool.x]\ny = 1\n", "[build-system]\nrequires = ['setuptools']\n"],
    )
    def test_legacy(self, project, text):
        """A project that names no backend gets the one that PEP 517 names for it."""
        assert backend_of(project(text)) == ("setuptools.build_meta:__legacy__", [])

    def test_named(self, project):
        """A project may name its backend."""
        text = "[build-system]\nrequires = ['setuptools >= 61', 'wheel']\nbuild-backend = 'setuptools.build_meta'\n"
        assert backend_of(project(text)) == ("setuptools.build_meta", [])

    def test_in_tree(self, project):
        """A project may bring its backend along."""
        text = "[build-system]\nrequires = []\nbuild-backend = 'mine.deep:other.inner'\nbackend-path = ['a', 'b c']\n"
        assert backend_of(project(text)) == ("mine.deep:other.inner", ["a", "b c"])

    @pytest.mark.parametrize(
        "requirement",
        [
            "setuptools",
            "Setuptools",
            "setuptools>=61,<999",
            "setuptools[core]",
            "wheel",
            "wheel ; python_version > '3'",
            "tomli ; python_version < '3.11'",
        ],
    )
    def test_requirements_that_are_there(self, project, requirement):
        """Requirements that the toolchain meets are fine, however they are spelt."""
        assert backend_of(project(f'[build-system]\nrequires = ["setuptools", "{requirement}"]\n'))

    def test_folder_of_that_name(self, project):
        """A folder called pyproject.toml is no such file."""
        (project() / "pyproject.toml").mkdir()
        assert backend_of(project())[0].startswith("setuptools")


class TestRefused:
    """What can't be built is refused with the key and the reason, before anything runs."""

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("[build-system", "pyproject.toml can't be read: "),
            ("x = 1\nx = 2", "pyproject.toml can't be read: "),
            ("build-system = 3", "pyproject.toml: build-system is not a table."),
            ("[[build-system]]\nrequires = []", "pyproject.toml: build-system is not a table."),
            ("[build-system]\nrequires = 'setuptools'", "pyproject.toml: build-system.requires is not a list."),
            ("[build-system]\nrequires = ['>=1']", "pyproject.toml: build-system.requires holds '>=1': "),
            ("[build-system]\nrequires = ['']", "pyproject.toml: build-system.requires holds '': "),
            (
                "[build-system]\nrequires = [\"setuptools; os_name ~= 'posix'\"]",
                "pyproject.toml: build-system.requires holds \"setuptools; os_name ~= 'posix'\": Undefined",
            ),
            (
                "[build-system]\nrequires = [\"setuptools; 'x' > 'y'\"]",
                "pyproject.toml: build-system.requires holds \"setuptools; 'x' > 'y'\": ",
            ),
            (
                f"[build-system]\nrequires = ['setuptools>={'9' * 5000}']",
                f"pyproject.toml: build-system.requires holds 'setuptools>={'9' * 100}",
            ),
            (
                f"[build-system]\nrequires = ['setuptools; {'(' * 3000}']",
                "pyproject.toml: build-system.requires holds 'setuptools; ((((((",
            ),
            (
                "[build-system]\nrequires = ['setuptools', 'Flit_Core']",
                "pyproject.toml asks for flit_core to build; this exercise builds with setuptools.",
            ),
            (
                "[build-system]\nrequires = ['setuptools>=999']",
                "pyproject.toml asks for setuptools>=999 to build; here it is setuptools ",
            ),
            *(
                (
                    f"[build-system]\nrequires = {requires}\n{backend}",
                    "pyproject.toml: setuptools builds the project, and build-system.requires doesn't name it: ",
                )
                for requires in ("[]", "['wheel']", "[\"setuptools; python_version < '3'\"]")
                for backend in ("", "build-backend = 'setuptools.build_meta'")
            ),
            (
                "[build-system]\nrequires = []\nbuild-backend = 3",
                "pyproject.toml: build-backend 3 is not like `module:object`.",
            ),
            (
                "[build-system]\nrequires = []\nbuild-backend = ''",
                "pyproject.toml: build-backend '' is not like `module:object`.",
            ),
            (
                "[build-system]\nrequires = []\nbuild-backend = 'a:b:c'",
                "pyproject.toml: build-backend 'a:b:c' is not like `module:object`.",
            ),
            (
                "[build-system]\nrequires = []\nbuild-backend = 'x; import os'",
                "pyproject.toml: build-backend 'x; import os' is not like `module:object`.",
            ),
            (
                "[build-system]\nrequires = []\nbackend-path = 'a'",
                "pyproject.toml: backend-path is not a list of folders.",
            ),
            (
                "[build-system]\nrequires = []\nbackend-path = [1]",
                "pyproject.toml: backend-path is not a list of folders.",
            ),
        ],
    )
    def test_sentences(self, project, text, sentence):
        """Each defect has its own sentence."""
        message = refusal(project(text))
        assert message.startswith(sentence)
        assert message.endswith(".")

    @pytest.mark.parametrize(
        "content",
        [
            b"\xff\xfe",
            b"x = '\xff'",
            b"\xef\xbb\xbfx = 1",
            b"x = " + b"[" * 100_000,
            b"x = " + b"9" * 5_000,
            b"x = 0x" + b"f" * 100_000,
            b"x = 2024-99-99",
            b"\0",
            b"a." * 200_000 + b"b = 1",
        ],
    )
    @pytest.mark.timeout(10)
    def test_content_that_breaks_parsers(self, project, content):
        """Whatever the file holds, it is read or refused as the learner's, and never stops the judge."""
        (project() / "pyproject.toml").write_bytes(content)
        with suppress(PackagingError):
            builds.build_order(project(), project() / "copy", project() / "out", version="3.12.1")

    def test_table_without_requires(self, project):
        """A build-system table without `requires` is refused, as by pip: it is the one key that has to be there."""
        assert "requires" in refusal(project("[build-system]\nbuild-backend = 'setuptools.build_meta'\n"))


class TestHook:
    """The hook's program calls the backend as PEP 517 wants it."""

    @pytest.fixture
    def build(self, project, interpreter, sandbox):
        """Run the hook for a project with its own backend."""

        def run(name, in_tree="['.', 'tools']", *, where="tools", **hook):
            root = project(f"[build-system]\nrequires = []\nbuild-backend = '{name}'\nbackend-path = {in_tree}\n")
            (root / where).mkdir(exist_ok=True)
            (root / where / "mine.py").write_text(textwrap.dedent(BACKEND), encoding="utf-8")
            copy, out = root.parent / "copy", root.parent / "out"
            order = builds.build_order(root, copy, out, version="3.12.1", **hook)
            argv = (str(interpreter.executable), *builds.arguments(sandboxes.REPORT, order))
            reads = (root, interpreter.prefix)
            return sandbox.run(Command(argv, copy, {}, reads=reads, scratch=(copy, out), report=True))

        return run

    @pytest.mark.parametrize("name", ["mine", "mine:other.inner"])
    def test_backend(self, build, folder, name):
        """The backend is a module or an object in it, found in its own folders first, in the project's folder."""
        seen = build(name)
        assert seen.status == 0, seen.stderr
        ((name, content),) = builds.built_files(seen.report).items()
        assert name == "häfen-1-py3-none-any.whl"
        first, cwd, argv, file = content.decode().splitlines()
        assert first == cwd == str(folder.parent / "copy")
        assert file == str(folder.parent / "copy" / "tools" / "mine.py")
        assert argv == "['']"

    def test_source_distribution(self, build, folder):
        """The hook for source distributions is called likewise, and reports what is one by its name."""
        seen = build("mine", hook="build_sdist")
        assert seen.status == 0, seen.stderr
        assert builds.built_files(seen.report) == {"lamp-1.tar.gz": str(folder.parent / "copy").encode()}

    def test_source(self, build, folder):
        """What the backend writes goes into a copy: the project stays as it is."""
        build("mine")
        assert sorted(path.name for path in folder.iterdir()) == ["pyproject.toml", "tools"]

    @pytest.mark.parametrize("name", ["nowhere", "mine:nothing", "mine:other.nothing"])
    def test_no_backend(self, build, name):
        """A backend that isn't there is an execution that fails, with Python's own words."""
        seen = build(name)
        assert seen.status == 1
        assert seen.report == b""
        assert b"Error" in seen.stderr


class TestReport:
    """What a build reports is hostile."""

    def test_nothing(self):
        """A build that ended early reported nothing, and so it built nothing."""
        assert builds.built_files(b"") == {}

    @pytest.mark.parametrize(
        "report",
        [
            b"{",
            b"[]",
            b"null",
            b'{"a": 3}',
            b'{"a": "!"}',
            b'{"a": "YQ=="} {}',
            b"\xff",
            b"[" * 100_000,
            b'{"\\ud800": ""}',
        ],
    )
    def test_no_report(self, report):
        """Whatever else comes is the learner's failure, in one sentence."""
        with pytest.raises(PackagingError, match=r"can't be read: .*\.$"):
            builds.built_files(report)
