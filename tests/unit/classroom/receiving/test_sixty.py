"""A class of sixty, who hand in as people do: each one's files are taken, as they are, or left out with a reason."""

import datetime
import io
import itertools
import json
import lzma
import shutil
import struct
import subprocess
import tarfile
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass

import pytest

from grader import catalog
from grader.classroom.receiving import submissions
from grader.classroom.receiving.exports.reading import ExportOptions, is_unpacked
from grader.classroom.receiving.recording import ReceivedTime, SubmissionRecorder
from grader.classroom.records import ledger
from grader.classroom.records.roster import Person
from grader.classroom.records.store import Store

NOW = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC)
(TALLY,) = catalog.load(None).find(["02"])
OTHERS = [each for each in catalog.load(None).exercises if each is not TALLY]
LOG = (TALLY.stub / "log.txt").read_bytes()
NAMES = [
    "Ada Lovelace",
    "José Núñez",
    "Łukasz Żółć",
    "O'Brien, D'Arcy",
    "李小龍",
    "شيماء علي",
    "<b>Bobby</b> & Co",
    "=cmd()",
    "Ada Lovelace",
    "Jean-Luc von und zu Tal",
    unicodedata.normalize("NFD", "Zoë Brontë"),
    "x_101_9001_y",
    "anon",
    "Participant 7",
    "CON",
    "a" * 90,
]
BIG = 9 << 20
"""Bytes; a file of a project may have 8 MiB."""


@dataclass(frozen=True)
class Way:
    """A way in which people hand in their work."""

    files: dict[str, bytes]
    """What they hand in, by its path."""
    says: str = ""
    """Why it isn't taken; empty: it is."""
    empty: bool = False
    """Whether nothing is in it at all, so that no system has it."""


def zipped(files, *, packing=zipfile.ZIP_DEFLATED, system=3, force_zip64=False):
    """A zip of these, as one program or another writes it."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.compress_type = system, packing
            with archive.open(entry, "w", force_zip64=force_zip64) as stream:
                stream.write(content)
    return buffer.getvalue()


def tarred(files, mode="w:gz", *entries):
    """A tar of these, and of entries that are no files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
        for entry in entries:
            archive.addfile(entry)
    return buffer.getvalue()


def entry(name, kind, target=""):
    """An entry of a tar that is no file."""
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


def renamed(content, old, new):
    """A zip in which a name has other bytes, as long as before, and no flag for UTF-8."""
    assert len(old) == len(new)
    changed = bytearray(content.replace(old, new))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(signature)
        while place >= 0:
            flags = struct.unpack_from("<H", changed, place + at)[0]
            struct.pack_into("<H", changed, place + at, flags & ~0x800)
            place = changed.find(signature, place + 4)
    return bytes(changed)


def within(folder, files):
    """The same below a folder."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def encrypted(files, folder):
    """A zip with a password, by the tool that people use."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    subprocess.run(["zip", "-q", "-P", "secret", "x.zip", *files], cwd=folder, check=True)
    return (folder / "x.zip").read_bytes()


def ways(own, scratch):
    """All ways, for a person whose answer is that, by what they are called."""
    one, both = {"tally.py": own}, {"tally.py": own, "log.txt": LOG}
    workspace = {f"{each.name}/{each.about.learner[0]}": b"pass\n" for each in OTHERS} | within(TALLY.name, both)
    left_behind = {
        ".git/HEAD": b"x", "__pycache__/tally.cpython-312.pyc": b"x", ".venv/pyvenv.cfg": b"", ".venv/lib/x.py": b"",
        "node_modules/x/index.js": b"", "__MACOSX/._tally.py": b"x", ".DS_Store": b"x", "._tally.py": b"x",
    }  # fmt: skip
    link, other = (entry(f"{top}/python", tarfile.SYMTYPE, "/usr/bin/python3") for top in (".venv/bin", "bin"))
    none, several = "None of the files to edit is there", "which is meant isn't clear"
    found = {
        "one file": Way(one),
        "files": Way(both),
        "a folder": Way(within("my work", both)),
        "two folders deep": Way(within("a/b", both)),
        "the exercise's folder in others": Way(within(f"Desktop/{TALLY.name}", both)),
        "a workspace": Way(within("workspace", workspace)),
        "a zip": Way({"work.zip": zipped(both)}),
        "a zip with a folder": Way({"work.zip": zipped(within("work", both))}),
        "a zip of a workspace": Way({"work.zip": zipped(within("workspace", workspace))}),
        "a zip in a zip": Way({"work.zip": zipped({"inner.zip": zipped(within("x", both))})}),
        "three zips": Way({"w.zip": zipped({"w.zip": zipped({"w.zip": zipped(both)})})}, "archive in an archive"),
        "tar.gz": Way({"work.tar.gz": tarred(both)}),
        "tar.xz": Way({"work.tar.xz": tarred(within("x", both), "w:xz")}),
        "upper case": Way({"WORK.ZIP": zipped(both)}),
        "7z": Way({"work.7z": b"7z\xbc\xaf\x27\x1c"}, "work.7z can't be unpacked here: pack the project as .zip"),
        "rar": Way({"work.rar": b"Rar!\x1a\x07"}, "work.rar can't be unpacked here"),
        "LZMA": Way({"work.zip": zipped(both, packing=zipfile.ZIP_LZMA)}, "another method than deflate"),
        "zip64": Way({"work.zip": zipped(both, force_zip64=True)}),
        "backslashes": Way({"work.zip": zipped({f"work\\{name}": text for name, text in both.items()}, system=0)}),
        "CP437": Way({"work.zip": renamed(zipped(both | {"Losung.pdf": b""}), b"Losung", b"L\x94sung")}),
        "UTF-8 without the flag": Way(
            {"work.zip": renamed(zipped(both | {"LLosung.pdf": b""}), b"LLosung", "Lösung".encode())}
        ),
        "NFD": Way({"work.zip": zipped(within(unicodedata.normalize("NFD", "Übung"), both))}),
        "macOS": Way({"work.zip": zipped(within("work", both) | within("__MACOSX/work", {"._tally.py": b"x"}))}),
        "what tools leave": Way({"work.tar.gz": tarred(both | left_behind, "w:gz", link)}),
        "200 MB of caches": Way({"work.zip": zipped(both | {f".venv/lib/{n}.so": bytes(BIG) for n in range(3)})}),
        "a big file beside": Way(
            {"work.zip": zipped(both | {"video.mp4": bytes(BIG)})}, "at most 8,388,608 are allowed"
        ),
        "a copy": Way({"tally (1).py": own}),
        "another ending": Way({"tally.py.txt": own}, "tally.py.txt is there: save it as tally.py"),
        "a PDF": Way({"report.pdf": b"%PDF-1.7"}, none),
        "a PDF beside": Way({"report.pdf": b"%PDF-1.7", "tally.py": own}),
        "a PDF beside a zip": Way({"report.pdf": b"%PDF-1.7", "work.zip": zipped(both)}),
        "a notebook": Way(
            {"tally.ipynb": json.dumps({"cells": []}).encode()}, "tally.ipynb is there: save it as tally.py"
        ),
        "an empty file": Way({"tally.py": b""}),
        "an empty zip": Way({"work.zip": zipped({})}, "holds no files of a project"),
        "an empty file called a zip": Way({"work.zip": b""}, "is empty"),
        "a damaged zip": Way({"work.zip": zipped(both)[:-40]}, "damaged"),
        "a text called a zip": Way({"work.zip": b"my work"}, "damaged"),
        "nothing": Way({}, empty=True),
        "a link": Way({"work.tar.gz": tarred(both, "w:gz", other)}, "is a symbolic link"),
        "a pipe": Way({"work.tar.gz": tarred(both, "w:gz", entry("pipe", tarfile.FIFOTYPE))}, "is a named pipe"),
        "a way out": Way({"work.zip": zipped(both | {"../../evil.py": b""})}, "leads out of the project"),
        "a name twice": Way({"work.zip": zipped(both | {"TALLY.py": b""})}, "one name to many systems"),
        "two versions": Way({"work.zip": zipped(within("v1", both) | within("v2", both))}, several),
        "two zips": Way({"a.zip": zipped(both), "b.zip": zipped(both)}, several),
        "lzma alone": Way({"work.xz": lzma.compress(own)}, "work.xz can't be unpacked here"),
        "a control character": Way({"work.zip": zipped(both | {"a\x07b.txt": b""})}, "control character"),
    }
    if shutil.which("zip"):
        found["encrypted"] = Way({"work.zip": encrypted(both, scratch)}, "is encrypted")
    return found


@dataclass(frozen=True)
class Student:
    """Somebody of the class."""

    person: Person
    number: int
    way: str
    work: Way
    own: bytes
    """What the file to edit holds, if it is taken."""


@pytest.fixture(scope="module")
def class_of_sixty(tmp_path_factory):
    """Sixty people, of whom each hands in another answer, and in another way, as far as there are so many."""
    scratch = tmp_path_factory.mktemp("ways")
    names = list(ways(b"", scratch / "names"))
    found = []
    for number, way in zip(range(60), itertools.cycle(names), strict=False):
        own = f'print("I am {number}")\n'.encode()
        ids = (f"s{number}@x.org", str(101 + number), str(501 + number), f"g{number}")
        person = Person(f"s{number:03}", NAMES[number % len(NAMES)], *ids)
        work = ways(own, scratch / f"s{number}")[way]
        found.append(Student(person, number, way, work, b"" if way == "an empty file" else own))
    return found


def canvas(student):
    """As Canvas names files; folders can't be handed in there."""
    called = "".join(char for char in student.person.name.casefold() if char.isalnum()) or "x"
    called += "_LATE" if student.number % 7 == 0 else ""
    numbers = itertools.count(9000 + 10 * student.number)
    files = student.work.files
    if any("/" in name for name in files):
        return None
    return {f"{called}_{101 + student.number}_{next(numbers)}_{name}": content for name, content in files.items()}


def moodle(student, *, form="folders"):
    """As Moodle names files."""
    called = student.person.name.replace("_", " ").replace("/", " ")
    top = f"{called}_{501 + student.number}_assignsubmission_file"
    files = student.work.files
    if form != "flat":
        return within(f"{top}_" if form == "before 4.1" else top, files)
    return None if any("/" in name for name in files) else {f"{top}_{name}": text for name, text in files.items()}


def gradescope(student):
    """As Gradescope names files; the metadata come from `metadata`."""
    return within(f"assignment_5_export/submission_{student.number}", student.work.files)


def metadata(students):
    """Who handed in what, as Gradescope says it."""
    about = (
        "submission_{0}:\n  :submitters:\n  - :name: {1}\n    :sid: g{0}\n    :email: s{0}@x.org\n  :created_at: {2}\n"
    )
    told = (about.format(each.number, json.dumps(each.person.name), "2026-01-30 10:00:00 Z") for each in students)
    return "".join(["---\n", *told]).encode()


def plain(student):
    """A folder for each, named by the roster's id."""
    return within(student.person.id, student.work.files)


SYSTEMS = {
    "plain folders": plain,
    "Canvas": canvas,
    "Moodle": moodle,
    "Moodle, flat": lambda student: moodle(student, form="flat"),
    "Moodle before 4.1": lambda student: moodle(student, form="before 4.1"),
    "Gradescope": gradescope,
}


def handed_in(students, system):
    """The files of an export, and who is in it."""
    files, there = {}, []
    for student in students:
        own = SYSTEMS[system](student)
        if own is not None and (own or not student.work.empty):
            files |= own
            there.append(student)
    if system == "Gradescope":
        files["assignment_5_export/submission_metadata.yml"] = metadata(there)
    return files, there


def lay_out(files, folder, unpacked):
    """The export as a zip, or as the folder into which somebody unpacked it."""
    if not unpacked:
        (folder / "submissions.zip").write_bytes(zipped(files))
        return folder / "submissions.zip"
    for name, content in files.items():
        path = folder / "week 1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "week 1"


@pytest.mark.sweep
@pytest.mark.parametrize("unpacked", [False, True], ids=["as a zip", "unpacked"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_everybody(class_of_sixty, tmp_path, system, unpacked):
    """From whatever system, however packed: each one's answer is kept as it was, or they are named with the reason."""
    if system == "plain folders" and not unpacked:
        pytest.skip("these are in no zip")
    if system == "Gradescope":
        pytest.importorskip("yaml", reason="Gradescope's metadata need PyYAML")
    files, there = handed_in(class_of_sixty, system)
    source = lay_out(files, tmp_path, unpacked)
    people = [student.person for student in class_of_sixty]
    book, store = ledger.open_(tmp_path / "ledger.sqlite"), Store(tmp_path / "store")
    recorder = SubmissionRecorder(book, store, ReceivedTime(NOW))
    if system == "plain folders":
        said = submissions.take_in(source, people, (TALLY,), recorder)
    else:
        assert not unpacked or is_unpacked(source)
        said = submissions.take_in_export(source, people, (TALLY,), recorder, ExportOptions())
    received = {each.student: each.digest for each in book.received()}
    refused = {each.student: each.why for each in book.refused()}
    book.close()
    for student in there:
        who, says = student.person.id, student.work.says
        case = (system, student.way, student.person.name, refused.get(who))
        assert (who in received) is not bool(says), case
        if says:
            assert says in refused[who], case
            assert any(who in line and says in line for line in said.left_out), case
            assert str(tmp_path) not in refused[who], case
            continue
        with zipfile.ZipFile(io.BytesIO(store.archive(received[who]))) as kept:
            assert kept.read("tally.py") == student.own, case
    assert received.keys() <= {student.person.id for student in there}
