import io
import os
import stat
import struct
import zipfile
from contextlib import closing, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import sandbox as sandboxes
from grader.environment import virtualenvs, wheels
from grader.errors import PackagingError
from grader.model import Command

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
NAME = "tidelog-1.0-py3-none-any.whl"
INFO = "tidelog-1.0.dist-info/"
SOUND = {
    "tidelog/__init__.py": "X = 7.5\n",
    "tidelog/cli.py": "def main():\n    print('north quay: 7.5 m')\n",
    f"{INFO}METADATA": "Metadata-Version: 2.1\nName: tidelog\nVersion: 1.0\n",
    f"{INFO}WHEEL": "Wheel-Version: 1.0\nGenerator: me\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}RECORD": "",
}


def packed(files, *, compression=zipfile.ZIP_DEFLATED):
    """A zip of these files; None leaves one out, and a ZipInfo stands for its name with all its attributes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture(scope="module")
def new_folder(tmp_path_factory):
    """New empty folders."""
    return lambda: tmp_path_factory.mktemp("wheel").resolve()


@pytest.fixture(scope="module")
def write(new_folder):
    """Write a wheel of a sound project with these files added, replaced or (None) left out."""

    def write(files=None, *, name=NAME, raw=None, **options):
        path = new_folder() / name
        path.write_bytes(packed(SOUND | (files or {}), **options) if raw is None else raw)
        return path

    return write


@pytest.fixture(scope="module")
def install(new_folder, interpreter):
    """Install a wheel into a fresh virtualenv, which is given."""

    def install(path):
        virtualenv = virtualenvs.create(interpreter, new_folder() / "env")
        wheels.install(wheels.read(path), virtualenv)
        return virtualenv

    return install


@pytest.fixture
def say(folder):
    """What a program prints."""

    def say(*argv):
        with closing(sandboxes.choose("process")) as sandbox:
            seen = sandbox.run(Command(tuple(map(str, argv)), folder, {"LANG": "C.UTF-8"}))
        return seen.stdout.decode() + seen.stderr.decode()

    return say


def refusal(function, *arguments):
    """What is said of a wheel that is refused."""
    with pytest.raises(PackagingError) as caught:
        function(*arguments)
    return str(caught.value)


def names_below(folder):
    """All that is in a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


class TestTake:
    """What a build left is copied with care."""

    def test_wheels(self, folder):
        """Wheels are saved, in order of their names."""
        contents = {name: name.encode() for name in ("b-1-py3-none-any.whl", "a-1-py3-none-any.whl")}
        saved = wheels.save(contents, folder / "taken")
        assert [path.name for path in saved] == ["a-1-py3-none-any.whl", "b-1-py3-none-any.whl"]
        assert [path.read_bytes() for path in saved] == [b"a-1-py3-none-any.whl", b"b-1-py3-none-any.whl"]
        assert names_below(folder / "taken") == ["a-1-py3-none-any.whl", "b-1-py3-none-any.whl"]

    def test_nothing(self, folder):
        """A build may leave nothing."""
        assert wheels.save({}, folder / "taken") == ()

    @pytest.mark.parametrize("name", ["a-1.0.post1+local.1-2abc-cp312.py3-none-manylinux_2_17_x86_64.any.whl", NAME])
    def test_names_of_wheels(self, folder, name):
        """A file name may have all the parts that the format of wheels knows."""
        assert [path.name for path in wheels.save({name: b""}, folder / "taken")] == [name]

    @pytest.mark.parametrize(
        "name",
        [
            "x.whl",
            "a-1.whl",
            "a b-1-py3-none-any.whl",
            "a-1-py3-none-any\n.whl",
            "-1-py3-none-any.whl",
            "a-1-\x1b[2J-none-any.whl",
            "häfen-1-py3-none-any.whl",
            "..-1-py3-none-any .whl",
            "../a-1-py3-none-any.whl",
            "/tmp/a-1-py3-none-any.whl",
            "",
        ],
    )
    def test_other_names(self, folder, name):
        """What isn't named like a wheel is refused by a message that can be shown, and nothing is written."""
        message = refusal(wheels.save, {name: b""}, folder / "taken")
        assert "no file name of a wheel" in message
        assert message.isprintable()
        assert names_below(folder) == ["taken"]

    def test_too_large(self, folder):
        """A wheel over the limit is refused, and not written."""
        assert NAME in refusal(wheels.save, {NAME: bytes(wheels.MAX_BYTES + 1)}, folder / "taken")
        assert names_below(folder / "taken") == []


class TestRead:
    """A wheel is read with nothing in it believed."""

    def test_sound(self, write):
        """A wheel has names and metadata, and ships all but what describes it."""
        wheel = wheels.read(write())
        assert wheel.names == tuple(sorted(SOUND))
        assert wheel.shipped == ("tidelog/__init__.py", "tidelog/cli.py")

    @pytest.mark.parametrize("library", ["purelib", "platlib"])
    def test_library_in_the_data_folder(self, write, library):
        """What a wheel holds for the top of site-packages is shipped there, in whichever of the two ways."""
        wheel = wheels.read(
            write({f"tidelog-1.0.data/{library}/tidelog/__init__.py": b"", "tidelog-1.0.data/data/x": b""})
        )
        assert set(wheel.shipped) >= {"tidelog/__init__.py", "tidelog-1.0.data/data/x"}
        assert wheel.metadata["Name"] == "tidelog"

    def test_folders_are_no_files(self, write):
        """Entries of folders are allowed, and don't count as files."""
        assert "tidelog/tables/" not in wheels.read(write({"tidelog/tables/": ""})).names

    @pytest.mark.parametrize(
        "raw", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 17, packed(SOUND)[:-30], packed(SOUND)[30:]]
    )
    def test_no_zip(self, write, raw):
        """What is no zip is refused by its name."""
        assert NAME in refusal(wheels.read, write(raw=raw))

    @pytest.mark.parametrize(
        "name",
        [
            "../x.py",
            "tidelog/../../x.py",
            "tidelog/..",
            "..",
            "/etc/x.py",
            "//x.py",
            "..\\x.py",
            "tidelog\\x.py",
            "C:/x.py",
            "C:x.py",
            "x.py:stream",
            "\x1b[2J.py",
            "line\nbreak.py",
            "\u202eyp.x",
        ],
    )
    def test_names_that_lead_elsewhere(self, write, name):
        """Names that could lead out of a folder on any system, or act on a terminal, are refused."""
        message = refusal(wheels.read, write({name: "x"}))
        assert "leads out of it" in message
        assert message.isprintable()

    @pytest.mark.parametrize("name", ["./x.py", "tidelog/./x.py", "tidelog//x.py", ".", "tidelog/."])
    def test_names_that_are_not_normal(self, write, name):
        """A name that is another one's long form is refused: it could be there twice, or make installers stumble."""
        refusal(wheels.read, write({name: "x"}))

    def test_empty_name(self, write):
        """A name that is cut short by a null byte to nothing is refused."""
        raw = packed(SOUND | {"Xabc": "x"}).replace(b"Xabc", b"\0abc")
        assert NAME in refusal(wheels.read, write(raw=raw))

    def test_null_in_a_name(self, write):
        """What follows a null byte in a name isn't lost on the way to the check for duplicates."""
        raw = packed(SOUND | {"tidelog/cli.pyXabc": "x"}).replace(b"cli.pyXabc", b"cli.py\0abc")
        refusal(wheels.read, write(raw=raw))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_one_name_twice(self, write):
        """A name that is there twice is refused: who reads and who installs could take different ones."""
        stream = io.BytesIO(packed(SOUND))
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("tidelog/cli.py", "other")
        assert "holds one name twice" in refusal(wheels.read, write(raw=stream.getvalue()))

    def test_names_that_differ_in_case_only(self, write):
        """Names that meet on systems without case are refused on all."""
        assert "holds one name twice" in refusal(wheels.read, write({"tidelog/CLI.py": "x"}))

    @pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
    def test_entries_that_are_no_files(self, write, kind):
        """Links and devices are refused: an installer could make them."""
        entry = zipfile.ZipInfo("tidelog/link")
        entry.create_system = 3
        entry.external_attr = (kind | 0o777) << 16
        assert "no plain file" in refusal(wheels.read, write({entry: "/etc/passwd"}))

    def test_too_many_entries(self, write):
        """An archive of a great many small files is refused."""
        many = {f"tidelog/{number}.py": "" for number in range(wheels.MAX_ENTRIES)}
        assert f"at most {wheels.MAX_ENTRIES:,}" in refusal(wheels.read, write(many))

    def test_bomb(self, write):
        """An archive that unpacks to much more than it holds is refused after that much."""
        path = write({"tidelog/zeros": bytes(wheels.MAX_UNPACKED_BYTES + 1)})
        assert path.stat().st_size < 1 << 20
        assert f"more than {wheels.MAX_UNPACKED_BYTES:,} bytes" in refusal(wheels.read, path)

    @pytest.mark.parametrize("claim", [0, 1, 5000])
    def test_sizes_that_lie(self, write, claim):
        """An archive whose directory says that an entry is smaller than it is is refused."""
        raw = bytearray(packed(SOUND | {"tidelog/zeros": bytes(100_000)}))
        for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
            at = raw.rindex(signature, 0, raw.rindex(b"tidelog/zeros") if offset == 24 else raw.index(b"tidelog/zeros"))
            struct.pack_into("<I", raw, at + offset, claim)
        refusal(wheels.read, write(raw=bytes(raw)))

    @pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_other_compressions(self, write, compression):
        """Only stored and deflated entries are read: others unpack without any bound on memory."""
        refusal(wheels.read, write(compression=compression))

    def test_stored(self, write):
        """A wheel need not be compressed."""
        assert wheels.read(write(compression=zipfile.ZIP_STORED)).shipped

    def test_damaged_content(self, write):
        """Content that can't be decompressed makes the wheel unreadable, nothing worse."""
        raw = bytearray(packed(SOUND | {"tidelog/noise": os.urandom(50).hex() * 50}))
        begin = raw.index(b"tidelog/noise") + len(b"tidelog/noise")
        for at in range(begin + 20, begin + 60):
            raw[at] ^= 0xFF
        assert NAME in refusal(wheels.read, write(raw=bytes(raw)))

    def test_encrypted(self, write):
        """An encrypted entry makes the wheel unreadable."""
        raw = bytearray(packed(SOUND))
        raw[raw.index(b"PK\x01\x02") + 8] |= 1
        raw[raw.index(b"PK\x03\x04") + 6] |= 1
        assert NAME in refusal(wheels.read, write(raw=bytes(raw)))

    @pytest.mark.parametrize(
        ("files", "count"),
        [
            ({f"{INFO}METADATA": None}, 0),
            ({"other-1.dist-info/METADATA": "Name: other\n"}, 2),
            ({f"{INFO}METADATA": None, "tidelog/x.dist-info/METADATA": "Name: x\n"}, 0),
        ],
    )
    def test_metadata(self, write, files, count):
        """A wheel has one METADATA, at its top."""
        assert f"holds {count} METADATA files" in refusal(wheels.read, write(files))

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\0" * 100, b": : :\n\n", b"Name" * 100_000, b"\n" * 5000])
    def test_odd_metadata(self, write, content):
        """Metadata of any bytes can be looked at; what isn't there is None."""
        assert wheels.read(write({f"{INFO}METADATA": content})).metadata["Version"] is None

    @settings(max_examples=300)
    @given(data=st.data())
    def test_any_damage(self, write, data):
        """However a wheel is damaged, it is read or refused as the learner's, and never stops the judge."""
        raw = bytearray(packed(SOUND))
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
        with suppress(PackagingError):
            wheels.read(write(raw=bytes(raw[:cut])))


class TestInstall:
    """A wheel is installed as pip would, without any of its code being run."""

    def test_import(self, write, install, say):
        """What was installed can be imported and is known to importlib.metadata."""
        virtualenv = install(write())
        look = (
            "import tidelog, importlib.metadata as m; print(tidelog.X, m.version('tidelog'), len(m.files('tidelog')))"
        )
        assert say(virtualenv.python, "-c", look) == "7.5 1.0 6\n"
        assert (virtualenv.site_packages / INFO / "INSTALLER").read_text().strip()

    def test_command(self, write, install, say):
        """A console script is a command of the virtualenv that runs."""
        virtualenv = install(write({f"{INFO}entry_points.txt": "[console_scripts]\nTide-log = tidelog.cli:main\n"}))
        assert say(virtualenv.scripts / "Tide-log") == "north quay: 7.5 m\n"

    @pytest.mark.parametrize(
        "value", ["tidelog.cli:main", "tidelog.cli : main", "tidelog.cli:main [fast]", "tidelog.cli:main.x"]
    )
    def test_ways_to_name_a_function(self, write, install, value):
        """All that the specification of entry points allows can be installed."""
        virtualenv = install(write({f"{INFO}entry_points.txt": f"[console_scripts]\ntidelog = {value}\n"}))
        assert any(path.name.startswith("tidelog") for path in virtualenv.scripts.iterdir())

    @pytest.mark.parametrize("section", ["console_scripts", "gui_scripts"])
    @pytest.mark.parametrize(
        "value", ["tidelog.cli", "tidelog.cli:", ":main", "tidelog/cli.py:main", "a:b:c", "", "a b:c"]
    )
    def test_command_that_names_no_function(self, write, install, section, value):
        """A command that doesn't name a function of a module is refused, as by pip, with the command's name."""
        path = write({f"{INFO}entry_points.txt": f"[{section}]\ntidelog = {value}\n"})
        message = refusal(install, path)
        assert "The command tidelog is to run" in message
        assert "doesn't name a function" in message

    def test_other_groups(self, write, install):
        """Entry points of other groups are nobody's commands, and may name modules alone."""
        assert install(write({f"{INFO}entry_points.txt": "[tidelog.readers]\ncsv = tidelog.readers\n"}))

    @pytest.mark.parametrize(
        "text", ["console_scripts\n", "[console_scripts\nx = a:b\n", "[x]\n[x]\n", "x = y\n", "[a]\nb\n"]
    )
    def test_broken_entry_points(self, write, install, text):
        """A file of entry points that can't be read is refused."""
        assert "entry_points.txt can't be read" in refusal(install, write({f"{INFO}entry_points.txt": text}))

    @pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/b", "a\\b", "..", ".", ".hidden", "../../../evil"])
    def test_command_name_that_leads_elsewhere(self, write, install, name):
        """A command's name can't lead out of the folder of commands."""
        path = write({f"{INFO}entry_points.txt": f"[console_scripts]\n{name} = tidelog.cli:main\n"})
        assert "leads out of the folder of commands" in refusal(install, path)

    def test_entry_points_elsewhere(self, write, install, say):
        """Only the wheel's own entry points count, not those of metadata that it ships deeper down."""
        virtualenv = install(
            write(
                {
                    "bundled/a.dist-info/entry_points.txt": "[console_scripts]\nbroken = nothing\n",
                    f"{INFO}entry_points.txt": "[console_scripts]\ntidelog = tidelog.cli:main\n",
                }
            )
        )
        assert say(virtualenv.scripts / "tidelog") == "north quay: 7.5 m\n"

    def test_percent_sign(self, write, install):
        """A percent sign in an entry point is a character like others, or refused, but no crash."""
        path = write({f"{INFO}entry_points.txt": "[console_scripts]\ntidelog = tidelog.cli:main [%]\n"})
        with suppress(PackagingError):
            install(path)

    @pytest.mark.parametrize("name", ["python", "python3"])
    @posix
    def test_command_that_replaces_the_interpreter(self, write, install, name):
        """A command can't take the place of the interpreter."""
        path = write({f"{INFO}entry_points.txt": f"[console_scripts]\n{name} = tidelog.cli:main\n"})
        assert "already exists" in refusal(install, path)

    @pytest.mark.parametrize("name", ["pyvenv.cfg", "bin/python"])
    @posix
    def test_file_that_replaces_a_part_of_the_virtualenv(self, write, install, name):
        """Nor can any other file of the wheel, not even in the scheme of data."""
        assert "already exists" in refusal(install, write({f"tidelog-1.0.data/data/{name}": "x"}))

    def test_schemes(self, write, install, say):
        """Files of the data folder go where their scheme says; scripts get the virtualenv's interpreter."""
        virtualenv = install(
            write(
                {
                    "tidelog-1.0.data/data/share/table.txt": "7.5",
                    "tidelog-1.0.data/purelib/more.py": "Y = 1\n",
                    "tidelog-1.0.data/scripts/old": "#!python\nimport tidelog; print(tidelog.X)\n",
                }
            )
        )
        assert (virtualenv.path / "share" / "table.txt").read_text() == "7.5"
        assert (virtualenv.site_packages / "more.py").is_file()
        assert say(virtualenv.python, virtualenv.scripts / "old") == "7.5\n"

    @pytest.mark.timeout(10)
    @pytest.mark.parametrize(
        "name", ["tidelog-1.0.data", "./tidelog-1.0.data/purelib/x.py", "tidelog-1.0.data/x", "tidelog-1.0.data/what/x"]
    )
    def test_odd_data_folder(self, write, install, name):
        """A file where the data folder should be, or a scheme that isn't one, is refused at once."""
        refusal(install, write({name: "x"}))

    @pytest.mark.parametrize(
        "files",
        [
            {f"{INFO}WHEEL": None},
            {f"{INFO}WHEEL": ""},
            {f"{INFO}WHEEL": "Wheel-Version: 2.0\nRoot-Is-Purelib: true\n"},
            {f"{INFO}WHEEL": b"\xff"},
            {f"{INFO}RECORD": None},
            {f"{INFO}RECORD": "a,b\n"},
            {f"{INFO}RECORD": "tidelog/cli.py,sha256=x,many\n"},
            {f"{INFO}RECORD": f'"{"x" * 200_000}",,\n'},
            {f"{INFO}RECORD": b"\xff,,\n"},
            {f"{INFO}entry_points.txt": b"[console_scripts]\nx\xff = a:b\n"},
            {f"{INFO}entry_points.txt": f"[console_scripts]\n{'x' * 300} = a:b\n"},
            {"tidelog/cli.py/x": "x"},
            {"y" * 300: "x"},
            {"other-1.0.dist-info/X": "x"},
        ],
    )
    def test_wheels_that_cannot_be_installed(self, write, install, files):
        """Every defect of a wheel is the learner's, told with the wheel's name or the reason, in words fit to show."""
        message = refusal(install, write(files))
        assert "object at" not in message
        assert message.isprintable()
        assert message.endswith(".")

    def test_name_of_another_project(self, write, install):
        """A wheel whose file name is another project's is refused."""
        refusal(install, write(name="otherlog-1.0-py3-none-any.whl"))

    def test_compiled_files(self, write, install, recwarn):
        """Bytecode in a wheel, which doesn't belong there, is no reason to warn the grader's user."""
        install(write({"tidelog/__pycache__/cli.pyc": b"x"}))
        assert [str(warning.message) for warning in recwarn] == []

    def test_nothing_of_it_runs(self, write, install, folder):
        """Installing runs no code of the wheel, not even what would run at the start of its virtualenv."""
        trap = f"import pathlib; pathlib.Path({str(folder / 'sprung')!r}).touch()\n"
        virtualenv = install(write({"sitecustomize.py": trap, "trap.pth": trap, "tidelog/__init__.py": trap}))
        assert (virtualenv.site_packages / "trap.pth").is_file()
        assert list(folder.iterdir()) == []

    def test_nothing_outside(self, write, new_folder, interpreter):
        """Installing writes to the virtualenv only."""
        top = new_folder()
        virtualenv = virtualenvs.create(interpreter, top / "env")
        wheels.install(
            wheels.read(write({f"{INFO}entry_points.txt": "[console_scripts]\nx = tidelog.cli:main\n"})), virtualenv
        )
        assert [path.name for path in top.iterdir()] == ["env"]

    @settings(max_examples=80)
    @given(
        name=st.sampled_from(["WHEEL", "RECORD", "entry_points.txt", "METADATA"]),
        content=st.one_of(
            st.binary(max_size=60),
            st.lists(
                st.sampled_from(
                    [
                        "[console_scripts]\n",
                        "x = a:b\n",
                        "x=%(y)s\n",
                        "a,b,c\n",
                        ",,\n",
                        '"',
                        "Wheel-Version: 1.9\n",
                        "%",
                        "\0",
                        "\r",
                    ]
                )
            ).map(lambda parts: "".join(parts).encode()),
        ),
    )
    def test_any_description(self, write, new_folder, interpreter, name, content):
        """Whatever the files that describe a wheel hold, it is installed or refused as the learner's."""
        files = {f"{INFO}WHEEL": SOUND[f"{INFO}WHEEL"], f"{INFO}{name}": content}
        try:
            wheel = wheels.read(write(files))
            wheels.install(wheel, virtualenvs.create(interpreter, new_folder() / "env"))
        except PackagingError:
            pass
