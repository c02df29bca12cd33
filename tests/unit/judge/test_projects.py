import gzip
import io
import os
import shlex
import tarfile
import textwrap
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.environment import sdists, wheels
from grader.errors import LearnerError, PackagingError
from grader.judge.building import Build, SourceBuild, build_together
from grader.model import Command

posix = pytest.mark.skipif(os.name != "posix", reason="what is shown to paste is for a POSIX shell")


class TestSurroundings:
    """What a program finds around it."""

    def test_environment(self, make_project, monkeypatch):
        """The grader's own environment doesn't matter: a program finds few variables, and what the check sets."""
        monkeypatch.setenv("PYTHONPATH", "/hostile")
        monkeypatch.setenv("SECRET", "1")
        seen = make_project().probe("import os\nsee(dict(os.environ))", env={"COLOUR": "red"})
        ours = {"PATH", "HOME", "LANG", "PYTHONHASHSEED", "COLOUR"}
        system = {"SYSTEMROOT", "LC_CTYPE", "__CF_USER_TEXT_ENCODING", "PWD"}
        assert ours <= set(seen.value) <= ours | system
        assert seen.value["COLOUR"] == "red"
        assert seen.value["LANG"] == "C.UTF-8"

    def test_current_folder(self, make_project):
        """By default a program runs in an empty folder that has nothing to do with the project."""
        project = make_project({"x.py": ""})
        where, entries = project.probe("import os\nsee([os.getcwd(), os.listdir()])").value
        assert entries == []
        assert not Path(where).is_relative_to(project.path)

    def test_home(self, make_project):
        """The home folder is empty, too."""
        assert make_project().probe("import os\nsee(os.listdir(os.path.expanduser('~')))").value == []

    def test_interpreter(self, make_project, virtualenv):
        """It is the virtualenv's interpreter, and it writes no bytecode."""
        look = "import sys\nsee([sys.prefix, sys.dont_write_bytecode, sys.prefix != sys.base_prefix])"
        assert make_project().probe(look).value == [str(virtualenv.path), True, True]

    def test_stdin(self, make_project):
        """By default there is nothing to read; else what the check gives."""
        project = make_project()
        read = "import sys; print(repr(sys.stdin.read()))"
        assert project.python("-c", read).stdout == "''\n"
        assert project.python("-c", read, stdin="häfen\n").stdout.strip() in ("'häfen\\n'", ascii("häfen\n"))

    def test_on_path(self, make_project):
        """A project on the path can be imported: its own folder, or the ones named, in their order, or an archive."""
        project = make_project({"x.py": "Y = 0", "upper/x.py": "Y = 1", "lower/x.py": "Y = 2", "lower/z.py": ""})
        with zipfile.ZipFile(project / "old.zip", "w") as archive:
            archive.writestr("x.py", "Y = 3")
        look = "import sys, x; see([x.Y, 'z' in [name for name in ('z',) if __import__(name)]])"
        assert project.on_path().probe("import x; see(x.Y)").value == 0
        assert project.on_path("upper", "lower").probe(look).value == [1, True]
        assert project.on_path("old.zip").probe("import x; see(x.Y)").value == 3
        assert "ModuleNotFoundError" in project.probe("import x").stderr

    def test_path_of_a_copy(self, make_project):
        """What is on the path of a project is on that of its copy, in the copy; absolute paths stay."""
        look = "import os; see([os.environ['PYTHONPATH'], os.environ.get('COLOUR')])"
        copy = make_project({"lib/x.py": ""}).on_path("lib", "/srv/ferry").copy("moved")
        wanted = os.pathsep.join([str(copy / "lib"), str(Path("/srv/ferry"))])
        assert copy.probe(look, env={"COLOUR": "red"}).value == [wanted, "red"]

    def test_path_of_a_workshop(self, make_project):
        """The lines of a workshop import nothing of a project that is on the path: they are the ones that report."""
        project = make_project({"lib/subprocess.py": "raise SystemExit('not yours')"}).on_path("lib")
        seen = project.workshop("import os; see(os.environ.get('PYTHONPATH'))")
        assert seen.value is None
        assert "PYTHONPATH=" not in seen.command

    def test_varied(self, make_project):
        """Data for checks is drawn for the submission, whichever copy of it asks."""
        project = make_project({"x": ""})
        assert project.varied("depth").random() == project.copy().varied("depth").random()
        assert project.varied("depth").random() != project.varied("name").random()

    def test_inner(self, make_project):
        """A file in the project has a path in it; what lies elsewhere, or is no path, has none."""
        project = make_project({"lamp/oil.py": ""})
        (name,) = project.on_path().probe("import lamp.oil; see([lamp.oil.__file__])").value
        assert project.inner(name) == "lamp/oil.py"
        assert [project.inner(other) for other in (f"{project.path}s/x.py", "lamp/oil.py", None, 7)] == [""] * 4

    def test_hashes(self, make_project):
        """A set prints the same way every time, so that reports do."""
        project = make_project()
        shown = {project.python("-c", "print({'north', 'south', 'east', 'west'})").stdout for _ in range(4)}
        assert len(shown) == 1


@posix
class TestByHand:
    """What a learner pastes into a shell does the same."""

    @pytest.fixture
    def paste(self, tmp_path, virtualenv):
        """Run a command as shown in a real shell; gives what it prints."""

        def run(project, command):
            variables = {
                "PATH": f"{virtualenv.scripts}:/usr/bin:/bin",
                "PROJECT": str(project.path),
                "LANG": "C.UTF-8",
                "TMPDIR": str(tmp_path),
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            with closing(sandboxes.choose("process")) as sandbox:
                seen = sandbox.run(Command(("/bin/sh", "-ec", command), tmp_path, variables))
            assert seen.stderr == b""
            return seen.stdout.decode()

        return run

    @pytest.mark.parametrize(
        "arguments", [(), ("north quay",), ("$HOME", "`id`", "a'b", 'c"d', "*", "~", "", "-x", "\\")]
    )
    def test_arguments(self, make_project, paste, arguments):
        """Arguments are quoted, whatever they hold."""
        project = make_project({"my report.py": "import sys; print(sys.argv[1:])"})
        seen = project.python(project / "my report.py", *arguments)
        assert paste(project, seen.command) == seen.stdout == f"{list(arguments)}\n"

    def test_numbers(self, make_project, paste):
        """Arguments may be numbers."""
        project = make_project({"report.py": "import sys; print(sys.argv[1:])"})
        seen = project.python(project / "report.py", 7, -2.5)
        assert paste(project, seen.command) == seen.stdout == "['7', '-2.5']\n"

    def test_on_path(self, make_project, paste):
        """What is on the path is part of the command, spaces and all."""
        project = make_project({"a b/x.py": "Y = 1", "c/z.py": ""})
        seen = project.on_path("a b", "c").python("-c", "import x, z; print(x.Y)")
        assert str(project.path) not in seen.command
        assert paste(project, seen.command) == seen.stdout == "1\n"

    def test_note(self, make_project, paste):
        """A note of several lines is a comment in each of them."""
        project = make_project({"x.py": "print('here')"})
        copy = project.copy(note="x.py says\n    print('here')\nand no more")
        seen = copy.python(copy / "x.py")
        assert seen.command.splitlines()[1:4] == ["# in the copy: x.py says", "#     print('here')", "# and no more"]
        assert paste(project, seen.command) == seen.stdout == "here\n"

    def test_folder_and_variables(self, make_project, paste):
        """The current folder and the variables that a check sets are part of the command."""
        lines = "import os, sys; print(os.getcwd() == sys.argv[1], os.environ['WHERE'])"
        project = make_project({"report.py": lines})
        seen = project.python("report.py", project.path, cwd=project.path, env={"WHERE": "north quay"})
        assert paste(project, seen.command) == seen.stdout == "True north quay\n"

    def test_variable_with_a_path(self, make_project, paste):
        """A variable can hold a path of the project."""
        project = make_project({"lib/soundings.py": "X = 7.5"})
        seen = project.python("-c", "import soundings; print(soundings.X)", env={"PYTHONPATH": project / "lib"})
        assert str(project.path) not in seen.command
        assert paste(project, seen.command) == seen.stdout == "7.5\n"

    def test_probe(self, make_project, paste):
        """A probe's lines print what they report."""
        project = make_project({"x.py": "Y = 'it''s'"})
        seen = project.probe("import sys\nsys.path.insert(0, sys.argv[1])\nimport x\nsee(x.Y)", project.path)
        assert paste(project, seen.command).strip() == seen.value

    def test_copy(self, make_project, paste):
        """A copy of the project is made first, spaces and all."""
        project = make_project({"lib/x.py": "print('here')"})
        copy = project.copy("charts of May", inside="a b/c")
        seen = copy.python(copy / "a b/c/lib/x.py")
        assert paste(project, seen.command) == seen.stdout == "here\n"

    def test_words_with_paths_inside(self, make_project, paste):
        """A path of the project inside of a longer word is the learner's own path when pasted."""
        project = make_project({"lib/x.py": ""})
        seen = project.python("-c", "import sys; print(sys.argv[1][-5:])", f"--path={project / 'lib'}")
        assert str(project.path) not in seen.command
        assert paste(project, seen.command) == seen.stdout

    def test_dollar_in_a_word_with_a_path(self, make_project, paste):
        """What a shell would expand beside a path of the project stays as it is."""
        project = make_project({'a$HOME`id`"b/x.py': "print('here')"})
        seen = project.python(project / 'a$HOME`id`"b/x.py')
        assert paste(project, seen.command) == seen.stdout == "here\n"

    def test_current_folder_below(self, make_project, paste):
        """The current folder may be any folder of the project."""
        project = make_project({"a b/x.py": "print('here')"})
        seen = project.python("x.py", cwd=project / "a b")
        assert shlex.split(seen.command)[:2] == ["cd", "$PROJECT/a b"]
        assert paste(project, seen.command) == seen.stdout


class TestCopies:
    """Copies of the project, to be changed and moved."""

    def test_change(self, make_project):
        """A change of the copy leaves the project as it is."""
        project = make_project({"depth.txt": "7.5"})
        copy = project.copy(change=lambda folder: (folder / "depth.txt").write_text("9"), note="the depth is 9")
        assert (copy / "depth.txt").read_text() == "9"
        assert (project / "depth.txt").read_text() == "7.5"
        assert any("the depth is 9" in line for line in copy.recipe)

    def test_files_and_edits(self, make_project):
        """Files are put and edited in the copy, from its folder, before anything else is changed in it."""
        project = make_project({"depth.py": "DEPTH = 7.5", "table": "mine"})
        found = []
        copy = project.copy(
            "charts",
            inside="office",
            files={"office/table": "ours", "night.txt": b"Tern\n"},
            edits={"office/depth.py": ("7.5", "9")},
            change=lambda top: found.append((top / "office" / "table").read_text()),
        )
        assert found == ["ours"]
        assert (copy / "office/depth.py").read_text() == "DEPTH = 9"
        assert (copy / "night.txt").read_bytes() == b"Tern\n"
        assert (project / "table").read_text() == "mine"

    def test_edit_of_a_missing_file(self, make_project):
        """A file that the learner has not got can't be edited, and that is the learner's error."""
        with pytest.raises(LearnerError, match=r"depth\.py"):
            make_project({"x": ""}).copy(edits={"depth.py": ("7.5", "9")})

    def test_each_copy_is_its_own(self, make_project):
        """Copies of one name don't meet."""
        project = make_project({"x": ""})
        assert project.copy("a").path != project.copy("a").path

    def test_folder_of_the_copy(self, make_project):
        """The copy lies in a folder of the name asked for, or below it."""
        project = make_project({"x": ""})
        copy = project.copy("charts of May", inside="deeper")
        assert copy.path.name == "charts of May"
        assert (copy / "deeper" / "x").is_file()

    @posix
    def test_of_what_a_program_left(self, make_project, folder):
        """Links and pipes that a program left in its own project neither lead a copy elsewhere nor break it."""
        (folder / "secret.txt").write_text("secret")
        project = make_project({"lib/tides.py": "x = 1"})
        (project / "lib" / "outside").symlink_to(folder)
        (project / "gone").symlink_to("nowhere")
        os.mkfifo(project / "pipe")
        copy = project.copy()
        found = sorted(path.relative_to(copy.path).as_posix() for path in copy.path.rglob("*"))
        assert found == ["lib", "lib/tides.py"]


@pytest.mark.parametrize("files", [{}, {"setup.py": "raise SystemExit(3)"}])
def test_build_that_cannot_begin(make_project, monkeypatch, files):
    """A project whose pyproject.toml is broken isn't built; the build says why, and so does its installation."""
    project = make_project({"pyproject.toml": "[build-system", **files})
    monkeypatch.setattr("grader.environment.toolchain.prepare", lambda _: project.virtualenv)
    build = project.build_wheel()
    assert build.seen is None
    assert "pyproject.toml can't be read" in build.trouble
    assert build.install().trouble == build.trouble


BACKEND = """
    import io, os, tarfile
    def build_sdist(directory, config_settings=None):
        files = {"lamp-1/lamp.py": b"WICK = 2", "lamp-1/pyproject.toml": open("pyproject.toml", "rb").read(),
                 "lamp-1/mine.py": open("mine.py", "rb").read(), "lamp-1/lamp.egg-info/SOURCES.txt": b""}
        with tarfile.open(os.path.join(directory, "lamp-1.tar.gz"), "w:gz") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return "lamp-1.tar.gz"
    def build_wheel(directory, config_settings=None, metadata_directory=None):
        print(sorted(name for name in os.listdir() if name != "__pycache__"))
        raise SystemExit(4)
"""
"""Of a project whose source distribution isn't what lies in its folder."""


SIMPLE = """
    import os, sys
    def build_wheel(directory, config_settings=None, metadata_directory=None):
        print("built in", os.getcwd())
        print("of", sys.argv, file=sys.stderr)
        TROUBLE
        name = "lamp-1-py3-none-any.whl"
        import zipfile
        files = {"lamp.py": WICK, "lamp-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n",
                 "lamp-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: lamp\\nVersion: 1\\n",
                 "lamp-1.dist-info/RECORD": ""}
        with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
            for file, text in files.items():
                wheel.writestr(zipfile.ZipInfo(file), text)
        return name
"""


class TestTogether:
    """Several builds are made at once, and each comes out as if it had been made alone."""

    @pytest.fixture
    def projects(self, make_project, monkeypatch):
        """Make a project of parts, each with its own backend that does some more lines first."""

        def make(**troubles):
            files = {}
            for wick, (name, trouble) in enumerate(troubles.items()):
                table = "[build-system]\nrequires = []\nbuild-backend = 'mine'\nbackend-path = ['.']\n"
                backend = (
                    textwrap.dedent(SIMPLE).replace("TROUBLE", trouble or "pass").replace("WICK", f"'WICK = {wick}'")
                )
                files |= {f"{name}/mine.py": backend, f"{name}/pyproject.toml": table}
            whole = make_project(files)
            monkeypatch.setattr("grader.environment.toolchain.prepare", lambda _: whole.virtualenv)
            return [whole.part(name) for name in troubles]

        return make

    @staticmethod
    def told(build):
        """What checks and learners see of a build."""
        content = [(wheel.path.name, wheel.path.read_bytes()) for wheel in build.wheels]
        seen = build.seen and (build.seen.step(), build.seen.ending)
        return content, seen, build.trouble

    @pytest.mark.parametrize("trouble", ["", "raise SystemExit(3)", "sys.exit('no oil')", "os.kill(os.getpid(), 9)"])
    def test_as_alone(self, projects, trouble):
        """Files, output, status and the command to repeat it are those of a build that is made alone."""
        parts = projects(core="", fog=trouble, bell="")
        together = build_together(*(part.wheel() for part in parts))
        assert [self.told(build) for build in together] == [self.told(part.build_wheel()) for part in parts]
        assert together[1].seen.status == {"": 0, "raise SystemExit(3)": 3, "sys.exit('no oil')": 1}.get(trouble, 137)

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork, so each is built alone")
    @pytest.mark.parametrize(("trouble", "executions"), [("", 1), ("raise SystemExit(3)", 2)])
    def test_one_execution(self, projects, trouble, executions):
        """What goes well is built in one execution, and only what doesn't has another."""
        parts = projects(core="", fog=trouble, bell="")
        ran = []
        parts[0].side.noticed = ran.append
        build_together(*(part.wheel() for part in parts))
        assert len(ran) == executions

    @pytest.mark.parametrize(
        "trouble",
        [
            "if hasattr(sys.modules['__main__'], 'under_way'): os.kill(os.getppid(), 9)",  # alone, it is the judge's
            "import time; time.sleep(60)",
            "os.closerange(0, 99); os._exit(0)",
        ],
    )
    def test_nothing_to_others(self, projects, trouble):
        """What one does to the process that they have in common, or to their time, is its own loss."""
        core, fog = projects(core="", fog=trouble)
        core.side.build_limits = replace(core.side.build_limits, wall=2.0)
        build, _ = build_together(core.wheel(), fog.wheel())
        assert self.told(build) == self.told(core.build_wheel())
        assert len(build.wheels) == 1

    def test_cannot_begin(self, projects):
        """One that can't even begin says so, and the others are built."""
        core, fog, bell = projects(core="", fog="", bell="")
        (fog.path / "pyproject.toml").write_text("[build-system")
        builds = build_together(core.wheel(), fog.wheel(), bell.wheel())
        assert [len(build.wheels) for build in builds] == [1, 0, 1]
        assert builds[1].seen is None
        assert "pyproject.toml can't be read" in builds[1].trouble

    def test_two_kinds(self, projects):
        """A source distribution and a wheel can be built together; one by one they are what they are."""
        (core,) = projects(core="")
        sdist, wheel = build_together(core.sdist(), core.wheel())
        assert "build_sdist" in sdist.seen.stderr
        assert len(wheel.wheels) == 1


class TestSourceDistributions:
    """A source distribution is built, read, and built from."""

    @pytest.fixture
    def project(self, make_project, monkeypatch):
        """A project with its own backend."""
        table = "[build-system]\nrequires = []\nbuild-backend = 'mine'\nbackend-path = ['.']\n"
        project = make_project({"mine.py": textwrap.dedent(BACKEND), "pyproject.toml": table, "secret.txt": ""})
        monkeypatch.setattr("grader.environment.toolchain.prepare", lambda _: project.virtualenv)
        return project

    def test_built(self, project):
        """It is built by the project's own backend, its files are known, and none of them is left out."""
        build = project.build_sdist()
        assert (build.seen.status, build.trouble) == (0, "")
        (sdist,) = build.sdists
        assert sdist.names == ("lamp.egg-info/SOURCES.txt", "lamp.py", "mine.py", "pyproject.toml")
        assert 'python -m build --sdist --outdir . "$PROJECT"' in build.seen.command

    def test_built_from(self, project):
        """What is built from it is built from what is in it, and nothing else can be seen there."""
        build = project.build_sdist().build_wheel()
        assert build.seen.status == 4
        assert build.seen.stdout == "['lamp.egg-info', 'lamp.py', 'mine.py', 'pyproject.toml']\n"
        assert project.path not in build.seen.execution.command.reads
        assert build.seen.command.splitlines()[-1].endswith('python -m pip wheel --no-deps "$SDIST"')

    def test_not_one(self, project):
        """Where there is no source distribution nothing is built from it, and the build says why."""
        (project.path / "mine.py").write_text("def build_sdist(directory): raise SystemExit(3)")
        build = project.build_sdist()
        assert (build.seen.status, build.sdists) == (3, ())
        assert build.build_wheel().trouble == "There is not exactly one source distribution to build from."

    def test_no_source_distribution(self, project):
        """What isn't one is the learner's failure, in one sentence without a path of the judge's."""
        (project.path / "mine.py").write_text(
            "def build_sdist(directory): open(directory + '/lamp-1.tar.gz', 'w').write('lamp')"
        )
        build = project.build_sdist()
        assert build.trouble.startswith("The source distribution lamp-1.tar.gz can't be unpacked: ")
        assert str(project.side.root) not in build.trouble
        assert build.build_wheel().trouble == build.trouble

    def test_cannot_begin(self, project):
        """A project whose pyproject.toml is broken isn't built; the build says why."""
        (project.path / "pyproject.toml").write_text("[build-system")
        build = project.build_sdist()
        assert build.seen is None
        assert "pyproject.toml can't be read" in build.build_wheel().trouble


def tar_gz(*names, kind=tarfile.REGTYPE):
    """A packed tar with empty entries of these names."""
    buffer = io.BytesIO()
    # Without a time: what it packs is a part of the names of tests.
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packing,
        tarfile.open(fileobj=packing, mode="w") as archive,
    ):
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("../x.tar.gz", b"", "is no file name"),
        ("x.zip", b"", "is no file name"),
        ("x.tar.gz\n", b"", "is no file name"),
        ("x.tar.gz", b"", "is empty"),
        ("x.tar.gz", bytes(sdists.MAX_BYTES + 1), "is larger than"),
        ("x.tar.gz", b"x", "is damaged"),
        ("x.tar.gz", tar_gz("x/../../y"), "leads out"),
        ("x.tar.gz", tar_gz("/x/y"), "leads out"),
        ("x.tar.gz", tar_gz("x/y", kind=tarfile.SYMTYPE), "is a symbolic link"),
        ("x.tar.gz", tar_gz("x/y", "x/y"), "is there twice"),
        ("x.tar.gz", tar_gz("x/y", "z/y"), "the one folder"),
        ("x.tar.gz", tar_gz("x"), "the one folder"),
        ("x.tar.gz", tar_gz(), "the one folder"),
    ],
)
def test_hostile_source_distributions(folder, name, content, sentence):
    """What no build should leave is refused in a sentence, and written nowhere but in the folder for it."""
    with pytest.raises(PackagingError, match=sentence):
        sdists.unpack({name: content}, folder / "taken")
    assert [path.name for path in folder.iterdir()] == ["taken"]


@pytest.mark.parametrize("count", [0, 2])
def test_not_one_source_distribution(make_project, count):
    """Nothing is built from none, or from several."""
    sdist = sdists.Sdist(Path("nowhere"), ())
    build = SourceBuild(make_project(), None, (sdist,) * count, "").build_wheel()
    assert build.seen is None
    assert build.trouble == "There is not exactly one source distribution to build from."


@pytest.fixture
def wheel(tmp_path):
    """A wheel with one command."""
    path = tmp_path / "tidelog-1.0-py3-none-any.whl"
    files = {
        "tidelog.py": "def main():\n    print('7.5 m')\n",
        "tidelog-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tidelog\nVersion: 1.0\n",
        "tidelog-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
        "tidelog-1.0.dist-info/RECORD": "",
        "tidelog-1.0.dist-info/entry_points.txt": "[console_scripts]\ntidelog = tidelog:main\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return wheels.read(path)


class TestInstalling:
    """What was built is installed far from its source."""

    def test_one_wheel(self, make_project, wheel):
        """The one wheel is installed into a fresh virtualenv, where its commands run and the project isn't seen."""
        project = make_project({"tidelog.py": "raise SystemExit(3)"})
        installed = Build(project, None, (wheel,), "").install()
        assert installed.trouble == ""
        assert installed.virtualenv.path != project.virtualenv.path
        assert installed.script("tidelog").stdout == "7.5 m\n"
        assert project.path not in installed.folders

    @pytest.mark.parametrize("count", [0, 2])
    def test_not_one_wheel(self, make_project, wheel, count):
        """Nothing is installed where there isn't just one wheel, and that is said."""
        installed = Build(make_project(), None, (wheel,) * count, "").install()
        assert installed.trouble
        assert list(installed.virtualenv.site_packages.iterdir()) == []

    def test_wheel_that_cannot_be_installed(self, make_project, wheel):
        """Why a wheel can't be installed is said without a path of the judge's."""
        with zipfile.ZipFile(wheel.path, "a") as archive:
            archive.writestr("tidelog-1.0.data/data/pyvenv.cfg", "")
        project = make_project()
        installed = Build(project, None, (wheels.read(wheel.path),), "").install()
        assert "can't be installed" in installed.trouble
        assert str(project.side.root) not in installed.trouble

    def test_beside_another(self, make_project, wheel):
        """What is installed in one virtualenv can be used beside another, and not without being asked for."""
        project = make_project()
        first, second = (Build(project, None, (wheel,), "").install(variable=name) for name in ("FIRST", "SECOND"))
        there = {"PYTHONPATH": second.virtualenv.site_packages}
        look = "import tidelog\nsee(tidelog.__file__)"
        expected = str(second.virtualenv.site_packages / "tidelog.py")
        seen = first.beside(second).probe(look, env=there)
        assert seen.value == expected
        assert 'PYTHONPATH="$SECOND/' in seen.command
        assert first.probe(look, env={}).value == str(first.virtualenv.site_packages / "tidelog.py")
        assert second.virtualenv.path in seen.execution.command.reads
        assert second.virtualenv.path not in first.probe(look, env=there).execution.command.reads


class TestPytest:
    """pytest on the learner's side runs the tests of the project."""

    BODY = "ran = run('python', '-m', 'pytest', '-q')\nsee([ran['status'], ran['stdout']])"

    def test_alone(self, make_project):
        """It is there, and nothing that was built is."""
        project = make_project({"tests/test_a.py": "def test_a():\n    import tidelog"}).with_pytest()
        status, said = project.workshop(self.BODY).value
        assert (status, "No module named 'tidelog'" in said) == (1, True)

    def test_within(self, make_project, wheel):
        """Within what was installed the project's tests find that, and the learner reads how both came about."""
        project = make_project({"tests/test_a.py": "def test_a():\n    import tidelog"})
        installed = Build(project, None, (wheel,), "").install(testing=True)
        seen = project.copy("quay", note="as it is").within(installed).workshop(self.BODY)
        assert (seen.value[0], "1 passed" in seen.value[1]) == (0, True)
        for part in ("# in the copy: as it is", "-m pip install", 'PATH="$VENV/bin:$PATH"'):
            assert part in seen.command


def test_change_that_can_not_be_made(make_project):
    """A file of the learner's that is in the way of a changed copy is a failure of theirs, and no trouble of ours."""
    project = make_project({"data": "a file"})

    def change(copy):
        (copy / "data").mkdir()

    with pytest.raises(LearnerError, match="in the way"):
        project.copy(change=change)


def test_change_of_what_is_missing(make_project):
    """A file that a changed copy takes for granted, and the learner has removed, is named."""
    project = make_project({"data": "a file"})

    def change(copy):
        (copy / "lib" / "tides.py").read_text()

    with pytest.raises(LearnerError, match=r"^lib/ is missing from your project\.$"):
        project.copy(change=change)


class TestPart:
    """A part of a project that isn't there is the learner's failure, not ours."""

    @pytest.fixture(params=[False, True], ids=["missing", "a file"])
    def part(self, request, make_project):
        """A part that is no folder, of a copy; and what is said of it."""
        copy = make_project({"core": "x = 1"} if request.param else {}).copy()
        said = "is a file in your project; it must be a folder." if request.param else "/ is missing from your project."
        return copy.part("core"), f"core{said}" if not request.param else f"core {said}"

    @pytest.mark.parametrize("ask", [lambda part: part.python("-c", ""), lambda part: part.probe("see(1)")])
    def test_run(self, part, ask):
        """Nothing runs there, and the folder is named."""
        project, said = part
        with pytest.raises(LearnerError) as caught:
            ask(project)
        assert str(caught.value) == said

    def test_build(self, part):
        """Nothing is built there; the build says why, and what is built beside it is built."""
        project, said = part
        for build in (project.build_wheel(), project.build_sdist()):
            assert (build.seen, build.trouble) == (None, said)
        assert [each.trouble for each in build_together(project.wheel(), project.sdist())] == [said, said]
