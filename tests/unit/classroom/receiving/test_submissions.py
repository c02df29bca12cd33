"""What Canvas, Moodle and Gradescope give out is taken in by ids only; whoever can't be matched is named."""

import datetime
import io
import os
import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from grader import catalog
from grader.classroom.receiving import projects, submissions
from grader.classroom.receiving.exports import canvas, gradescope, reading
from grader.classroom.receiving.exports.reading import ExportOptions
from grader.classroom.receiving.recording import ReceivedTime, SubmissionRecorder
from grader.classroom.receiving.submission_files import ExportFile, without_number
from grader.classroom.records import course, ledger, roster
from grader.classroom.records.roster import Person
from grader.classroom.records.store import Store
from grader.cli import kata
from grader.errors import IntakeError, UsageError

TINY = Path(__file__).parents[3] / "data" / "tiny_catalogue"
(GREETING,) = catalog.load(TINY).exercises
REAL = catalog.load()
NOW = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC)
RIGHT = b"print('Hello')\n"
PEOPLE = (
    Person("ada", "Ada Lovelace", "Ada@Example.org", canvas="101", moodle="Participant 7", gradescope="s-1"),
    Person("bo", "Jane Doe", "bo@example.org", canvas="102", moodle="8", groups="31"),
    Person("cy", "Jane Doe", "cy@example.org", canvas="103", moodle="s-cy", groups="31; 32"),
    Person("josé", "José", "", canvas="104", groups="32"),
)


def packed(files, *, folder=""):
    """A zip of those files; a value may be a folder of files, and so an archive within."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = name if isinstance(name, zipfile.ZipInfo) else folder + name
            archive.writestr(entry, packed(content) if isinstance(content, list) else content)
    return buffer.getvalue()


@dataclass
class Receiver:
    """Where exports are taken in."""

    folder: Path
    people: tuple[Person, ...] = PEOPLE

    def take(self, files, rules=None, *, exercises=(GREETING,), when=None, due=None, **options):
        """Take an export in that holds those files; options are its `name`, what it is `wrapped` in, and `correct`."""
        name, wrapped = options.get("name", "export.zip"), options.get("wrapped", "")
        path = self.folder / name
        path.write_bytes(files if isinstance(files, bytes) else packed(files, folder=wrapped))
        book = ledger.open_(self.folder / "ledger.sqlite")
        try:
            receiving = SubmissionRecorder(
                book, Store(self.folder / "store"), when or ReceivedTime(NOW), options.get("correct", False)
            )
            return submissions.take_in_export(
                path, self.people, exercises, receiving, rules or ExportOptions(), due=due
            )
        finally:
            book.close()

    @property
    def received(self):
        """All that was noted."""
        book = ledger.open_(self.folder / "ledger.sqlite")
        try:
            return book.received()
        finally:
            book.close()

    def files(self, received):
        """What is kept of something that was handed in."""
        with zipfile.ZipFile(io.BytesIO(Store(self.folder / "store").archive(received.digest))) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}

    @property
    def handed_in(self):
        """Who handed in which files, in the order in which it came."""
        return [(each.student, self.files(each)) for each in self.received]


@pytest.fixture
def receiver(tmp_path):
    """An empty ledger and store."""
    return Receiver(tmp_path)


class TestCanvas:
    """The flat zip of Canvas."""

    def test_matched(self, receiver):
        """Files belong to whom the number says: same names, marks of lateness and names of all kinds tell nothing."""
        taken = receiver.take(
            [
                ("lovelaceada_101_9001_hello.py", b"1"),
                ("doejane_102_9002_hello.zip", [("hello.py", b"2")]),
                ("doejane_LATE_103_9003_hello.zip", [("a folder/hello.py", b"3")]),
                (unicodedata.normalize("NFD", "josé") + "_104_9004_hello.py", b"4"),
            ]
        )
        assert (taken.new, taken.known, taken.left_out, taken.late) == (4, 0, (), ("cy",))
        expected = [("ada", b"1"), ("bo", b"2"), ("cy", b"3"), ("josé", b"4")]
        assert receiver.handed_in == [(student, {"hello.py": content}) for student, content in expected]
        assert {each.received_at for each in receiver.received} == {NOW}
        assert receiver.received[0].source == "canvas/lovelaceada_101_9001_hello.py"

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("evil_999_9001_hello.py", "the roster has nobody with canvas 999."),
            ("anon_aB3xZ_9001_hello.py", "Canvas left out who it is of"),
            ("LATE_anon_12345_9001_hello.py", "Canvas left out who it is of"),
            ("lovelaceada_101_text.html", "typed into Canvas"),
            ("lovelaceada_LATE_101_link.html", "typed into Canvas"),
            ("eve_101_102_9001_hello.py", "It can be read as of 101 and as of 102."),
            ("hello.py", "by the rules of Canvas nobody knows whose it is."),
            ("x/doejane_102_9002_hello.py", "by the rules of Canvas nobody knows whose it is."),
        ],
    )
    def test_left(self, receiver, name, reason):
        """What can't be matched, or could be of two people, is left out with its reason, and nothing else is."""
        taken = receiver.take([(name, RIGHT), ("doejane_103_9003_hello.py", RIGHT)])
        assert [each.student for each in receiver.received] == ["cy"]
        (left,) = taken.left_out
        assert left.startswith(f"{name}: ")
        assert reason in left

    def test_one_number_two_names(self, receiver):
        """Where one number stands after two names, somebody's name ends in a number: nothing of it is believed."""
        taken = receiver.take([("eve_101_999_7_hello.py", b"evil"), ("lovelaceada_101_9001_hello.py", RIGHT)])
        assert receiver.received == ()
        assert len(taken.left_out) == 2

    def test_number_of_exercise(self, receiver):
        """A file that is called as exercises are belongs to the first number, although two more follow."""
        receiver.take([("lovelaceada_101_9001_01_greeting.zip", [("01_greeting/hello.py", RIGHT)])])
        assert receiver.handed_in == [("ada", {"hello.py": RIGHT})]

    def test_again(self, receiver):
        """A file that was handed in again and again is as many attempts, in the order of their numbers."""
        receiver.take(
            [
                ("lovelaceada_101_9010_hello-2.py", b"third"),
                ("lovelaceada_101_900_hello.py", b"first"),
                ("lovelaceada_101_9009_hello-1.py", b"second"),
            ]
        )
        assert [files["hello.py"] for _, files in receiver.handed_in] == [b"first", b"second", b"third"]

    def test_attachment_twice(self, receiver):
        """An attachment that is there twice is a broken export, and neither is taken."""
        with pytest.warns(UserWarning, match="Duplicate name"):
            taken = receiver.take([("lovelaceada_101_900_hello.py", b"1"), ("lovelaceada_101_900_hello.py", b"2")])
        assert receiver.received == ()
        assert "One attachment is there twice" in taken.left_out[0]

    def test_several_files(self, receiver):
        """Files that were handed in one by one get the places that the exercise has for them; others stay."""
        (exercise,) = REAL.find(["13"])
        names = [Path(name).name for name in exercise.about.learner]
        files = [(f"lovelaceada_101_{number}_{name}", name.encode()) for number, name in enumerate(names, 1)]
        receiver.take([*files, ("lovelaceada_101_9_notes.txt", b"")], exercises=(exercise,))
        expected = {name: Path(name).name.encode() for name in exercise.about.learner} | {"notes.txt": b""}
        assert receiver.handed_in == [("ada", expected)]

    def test_unclear_files(self, receiver):
        """Where two files could be the one that is meant, none is taken; what can't be meant is no trouble."""
        files = [("lovelaceada_101_1_hello.zip", [("hello.py", RIGHT)]), ("lovelaceada_101_2_old.zip", b"")]
        assert "several archives (hello.zip and old.zip)" in receiver.take(files).left_out[0]
        (exercise,) = REAL.find(["13"])
        names = ["flags.py", "flags-1.py", "deck.py"]
        files = [(f"lovelaceada_101_{number}_{name}", RIGHT) for number, name in enumerate(names, 1)]
        assert "which is meant isn't clear" in receiver.take(files, exercises=(exercise,)).left_out[0]
        assert receiver.received == ()
        files = [("lovelaceada_101_1_hello.zip", [("hello.py", RIGHT)]), ("lovelaceada_101_2_notes.pdf", b"")]
        assert receiver.take(files).left_out == ()
        assert [each.student for each in receiver.received] == ["ada"]

    def test_file_in_place_of_folder(self, receiver):
        """A file where a folder belongs is the fault of whoever handed it in, and nobody else's."""
        (exercise,) = REAL.find(["13"])
        files = [("doejane_102_1_flags.py", RIGHT), ("doejane_102_2_signalbox", b""), ("a_101_3_flags.py", RIGHT)]
        taken = receiver.take(files, exercises=(exercise,))
        assert [each.student for each in receiver.received] == ["ada"]
        assert "where the folder of signalbox/flags.py belongs" in taken.left_out[0]

    def test_groups(self, receiver):
        """A group's file stands under one member, and is everybody's whom the roster has in that group."""
        taken = receiver.take([("the pair_102_1_hello.py", RIGHT)], ExportOptions(groups=True))
        assert [each.student for each in receiver.received] == ["bo", "cy"]
        assert taken.left_out == ()

    def test_two_groups(self, receiver):
        """Of somebody who is in two groups nobody knows for which one a file is."""
        taken = receiver.take([("the pair_103_1_hello.py", RIGHT)], ExportOptions(groups=True))
        assert receiver.received == ()
        assert "cy is in several groups" in taken.left_out[0]

    def test_packed_again(self, receiver):
        """A folder around all of it, and what macOS adds, change nothing."""
        files = [("Week 1/a_101_1_hello.py", RIGHT), ("Week 1/.DS_Store", b""), ("__MACOSX/Week 1/._x", b"")]
        assert receiver.take(files).left_out == ()
        assert len(receiver.received) == 1

    @given(who=st.text(min_size=1), file=st.text(min_size=1), user=st.integers(1), attachment=st.integers(1))
    def test_any_name(self, who, file, user, attachment):
        """Whatever somebody is called, and calls a file, by Canvas's rules for both it is the first number's."""
        who = re.sub(r"_(\d+)_", r"\1", re.sub(r"[^\w]", "", who)).lower()
        file = re.sub(r'[\0/\\:*?"<>|]+', "_", file)
        assume(not re.search(r"_\d+\Z", who) and who != "anon")
        whole = f"{who}_{user}_{attachment}_{file}"
        (submission,) = canvas.list_submissions([ExportFile(0, (whole,))], ()).submissions
        assert (submission.fault, submission.owners, submission.files) == (
            "",
            ({("canvas", str(user))},),
            ((0, file),),
        )

    def test_names(self):
        """The first numbers are meant, and ids never begin with 0."""
        files = ["a_b_12_3_4.py", "x_12_03_4.py"]
        names = [ExportFile(position, (each,)) for position, each in enumerate(files)]
        found = canvas.list_submissions(names, ())
        assert [dict(each.owners[0]) for each in found.submissions] == [{"canvas": "12"}]
        assert found.submissions[0].files == ((0, "4.py"),)
        assert found.unrecognised == ("x_12_03_4.py",)
        assert [without_number(each) for each in ("a-1.py", "a-12.tar.gz", "a-1", "a-x.py")] == [
            "a.py",
            "a.tar.gz",
            "a-1",
            "a-x.py",
        ]


class TestMoodle:
    """The zip of Moodle, with folders and without."""

    def test_folders(self, receiver):
        """Folders of both ages of Moodle belong to the participant of that number; paths below stay."""
        taken = receiver.take(
            [
                ("Ada Lovelace_7_assignsubmission_file/hello.py", b"1"),
                ("Jane Doe_8_assignsubmission_file_/hello.zip", [("hello.py", b"2")]),
                ("Jane Doe_9_assignsubmission_file/hello.py", b"3"),
                ("Participant_7_assignsubmission_onlinetext/onlinetext.html", b""),
            ]
        )
        assert receiver.handed_in == [("ada", {"hello.py": b"1"}), ("bo", {"hello.py": b"2"})]
        assert [each.partition(": ")[2] for each in taken.left_out] == [
            "the roster has nobody with moodle 9.",
            "It was typed into Moodle; it holds no files.",
        ]

    def test_flat(self, receiver):
        """Without folders the file's own name follows, whatever underscores are in it."""
        receiver.take([("Participant_7_assignsubmission_file_my_hello.py", RIGHT)])
        assert receiver.handed_in == [("ada", {"hello.py": RIGHT})]

    def test_name_like_another(self, receiver):
        """A name that looks like another's prefix isn't one: only the first underscore ends a name."""
        taken = receiver.take([("x_8_assignsubmission_file/Ada_7_assignsubmission_file/hello.py", RIGHT)])
        assert [each.student for each in receiver.received] == ["bo"]
        assert taken.left_out == ()

    def test_streamed(self, receiver):
        """A zip that was written to a stream, sizes after contents, as Moodle does, is read like any other."""

        class Stream(io.BytesIO):
            def seekable(self):
                return False

            def tell(self):
                raise OSError

        stream = Stream()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("Ada_7_assignsubmission_file/hello.py", RIGHT)
            assert archive.infolist()[0].flag_bits & 0x8
        receiver.take(stream.getvalue())
        assert receiver.handed_in == [("ada", {"hello.py": RIGHT})]

    def test_worksheet(self, receiver):
        """The grading worksheet says who the numbers of an assignment are; nobody's name is asked for."""
        worksheet = receiver.folder / "worksheet.csv"
        worksheet.write_text(
            "Identifier,Full name,ID number,Email address,Status\n"
            'Participant 501,"Doe, Jane",s-cy,CY@example.org,\nParticipant 502,Jane Doe,,bo@example.org,\n'
        )
        files = [
            ("Jane Doe_501_assignsubmission_file/hello.py", b"1"),
            ("Jane Doe_502_assignsubmission_file/x.py", b"2"),
        ]
        assert receiver.take(files, ExportOptions(worksheet=worksheet)).left_out == ()
        assert receiver.handed_in == [("cy", {"hello.py": b"1"}), ("bo", {"hello.py": b"2"})]

    def test_contradiction(self, receiver):
        """Where the number is one person's and the worksheet names another, nobody gets it."""
        worksheet = receiver.folder / "worksheet.csv"
        worksheet.write_text("Identifier,Email address\nParticipant 7,bo@example.org\n")
        taken = receiver.take([("Ada_7_assignsubmission_file/hello.py", RIGHT)], ExportOptions(worksheet=worksheet))
        assert receiver.received == ()
        assert "of ada and of bo; fix the roster" in taken.left_out[0]

    def test_groups(self, receiver):
        """What a group handed in is everybody's in it, and whoever is in two has an attempt of each."""
        taken = receiver.take(
            [
                ("Group A_31_assignsubmission_file/hello.py", b"1"),
                ("Group B_32_assignsubmission_file/hello.py", b"2"),
                ("Default group_assignsubmission_file/hello.py", b"3"),
            ],
            ExportOptions(groups=True),
        )
        assert [(each.student, each.team) for each in receiver.received] == [
            ("bo", "Group A 31"),
            ("cy", "Group A 31"),
            ("cy", "Group B 32"),
            ("josé", "Group B 32"),
        ]
        assert "in no group" in taken.left_out[0]


METADATA = """\
---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: s-1
    :email: ada@example.ORG
  :created_at: 2026-01-30 23:47:27.018556000 Z
  :score: 32.0
  :status: processed
  :results:
    score:
    tests:
    - name: 'equals() 1 [Hint: Null]'
      output: |
        Failed!

          :submitters: &a !!python/object/apply:os.system ["false"]
  :history:
  - :submitters: []
    :created_at: 2026-01-07 07:46:21.167770000 Z
submission_12:
  :submitters:
  - :name: |-
      Jane
        :created_at: 2020-01-01 00:00:00 Z
    :sid:
    :email: bo@example.org
  - :name: Jane Doe
    :sid: '0103'
    :email: cy@example.org
  - :name: Nobody
    :sid: '8'
    :email: nobody@example.org
  :created_at: 2026-01-31 01:02:03 +0100
"""


class TestGradescope:
    """The zip of Gradescope, with its metadata."""

    @pytest.fixture(autouse=True)
    def _yaml(self):
        """Skip where there is no PyYAML."""
        pytest.importorskip("yaml", reason="Gradescope's metadata need PyYAML")

    def take(self, receiver, metadata=METADATA, **options):
        """Take in an export with those metadata."""
        files = [
            ("submission_metadata.yml", metadata),
            ("submission_11/hello.py", b"1"),
            ("submission_12/answer/hello.py", b"2"),
        ]
        return receiver.take(files, wrapped="assignment_5_export/", **options)

    def test_fields(self, receiver):
        """Submitters are matched by student ID or address; the moment is theirs; a group's work is everybody's."""
        taken = self.take(receiver)
        assert [(each.student, each.received_at.isoformat(), each.team) for each in receiver.received] == [
            ("ada", "2026-01-30T23:47:27.018556+00:00", ""),
            ("bo", "2026-01-31T00:02:03+00:00", "submission_12"),
            ("cy", "2026-01-31T00:02:03+00:00", "submission_12"),
        ]
        assert [files for _, files in receiver.handed_in] == [
            {"hello.py": b"1"},
            {"hello.py": b"2"},
            {"hello.py": b"2"},
        ]
        (left,) = taken.left_out
        nobody = "email nobody@example.org, gradescope 8, gradescope nobody@example.org, id 8"
        assert left == f"submission_12: the roster has nobody with {nobody}."

    def test_two_groups(self, receiver):
        """Whoever is in two submissions has two attempts."""
        both = METADATA.replace("nobody@example.org", "ada@example.org").replace("'8'", "")
        assert self.take(receiver, both).left_out == ()
        assert sorted(each.student for each in receiver.received) == ["ada", "ada", "bo", "cy"]

    def test_other_fields(self, receiver):
        """What isn't asked for isn't read: results may hold whatever programs of students wrote, as long as it is."""
        self.take(receiver, METADATA.replace("score:\n", "score: @ [*none\n"))
        assert len(receiver.received) == 3

    @pytest.mark.parametrize(
        ("metadata", "reason"),
        [
            ("", "lists no submissions"),
            ("- 1\n", "lists no submissions"),
            ("submission_11: [\n", "can't be read"),
            ("submission_11: " + "[" * 100_000, "can't be read"),
            ("a: !!python/object/apply:os.abort []\nb: [*x]\n", "can't be read"),
            (b"\xff", "can't be read"),
            (":a: b\n" * 2_000_000, "tells too much"),
        ],
    )
    def test_broken(self, receiver, metadata, reason):
        """Metadata that are none are one sentence, and nothing is taken in."""
        with pytest.raises(UsageError, match=reason):
            self.take(receiver, metadata)
        assert receiver.received == ()

    def test_references(self):
        """References that would multiply to billions of texts are never multiplied."""
        lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
        found = gradescope.list_submissions([], "\n".join(["a0: &a0 [x]", *lines]).encode())
        assert {each.fault for each in found.submissions} == {"It holds no files."}

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            (":created_at: 2026-01-30", ":created_at: 2026-13-30", "doesn't say when"),
            (":created_at: 2026-01-30 23:47:27.018556000 Z", ":x:", "doesn't say when"),
            (
                ":submitters:\n  - :name: Ada Lovelace\n    :sid: s-1\n    :email: ada@example.ORG",
                ":submitters: 5",
                "doesn't say who",
            ),
        ],
    )
    def test_incomplete(self, receiver, old, new, reason):
        """A submission without a moment or a person is left out, and only that one."""
        taken = self.take(receiver, METADATA.replace(old, new, 1))
        assert reason in taken.left_out[0]
        assert {each.student for each in receiver.received} == {"bo", "cy"}


UNPACKED = {
    "canvas": [
        ("lovelaceada_101_9001_hello.py", b"1"),
        ("doejane_LATE_102_9002_hello.zip", packed([("x/hello.py", b"2")])),
    ],
    "moodle": [
        ("Ada Lovelace_7_assignsubmission_file/hello.py", b"1"),
        ("Jane Doe_8_assignsubmission_file_/hello.zip", packed([("hello.py", b"2")])),
    ],
    "gradescope": [
        ("assignment_5_export/submission_metadata.yml", METADATA.encode()),
        ("assignment_5_export/submission_11/hello.py", b"1"),
        ("assignment_5_export/submission_12/answer/hello.py", b"2"),
    ],
}


@pytest.mark.parametrize("system", UNPACKED)
@pytest.mark.parametrize("around", ["", "submissions"])
def test_unpacked(tmp_path, system, around):
    """An export that somebody has unpacked is taken in as the zip would be, wherever its folder is."""
    pytest.importorskip("yaml", reason="Gradescope's metadata need PyYAML")
    (tmp_path / "zip").mkdir()
    whole, unpacked = Receiver(tmp_path / "zip"), tmp_path / "week 1"
    whole.take(UNPACKED[system])
    for name, content in UNPACKED[system]:
        path = unpacked / around / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert reading.is_unpacked(unpacked)
    assert not submissions.is_named_by_ids(unpacked, PEOPLE)
    first = next(path for path in sorted(unpacked.rglob("*.py")))
    first.with_name(first.name.replace("hello", "passwd")).symlink_to("/etc/passwd")
    book = ledger.open_(tmp_path / "ledger.sqlite")
    recorder = SubmissionRecorder(book, Store(tmp_path / "store"), ReceivedTime(NOW))
    submissions.take_in_export(unpacked, PEOPLE, (GREETING,), recorder, ExportOptions())
    found = sorted((each.student, each.digest, each.received_at) for each in book.received())
    refused = book.refused()
    book.close()
    assert found == sorted(
        (each.student, each.digest, each.received_at) for each in whole.received if each.student != "ada"
    )
    assert len(found) == len(whole.received) - 1
    assert refused  # with a link in it


class TestHostile:
    """What students put into their own part can't reach further."""

    def link(self, name):
        """An entry that is a symbolic link."""
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        return entry

    @pytest.mark.parametrize(
        ("inner", "reason"),
        [
            ([("../hello.py", b"")], "leads out of the project"),
            ([("/etc/x", b"")], "leads out of the project"),
            ([("hello.py", b""), ("HELLO.py", b"")], "are one name to many systems"),
            ([("hello.py", b"\0" * (9 << 20))], "at most"),
            (b"PK\3\4 no zip", "damaged"),
            ([("hello.py", b""), ("b.zip", [("x", b"\0" * (40 << 20))])], ""),
        ],
    )
    def test_archive_within(self, receiver, inner, reason):
        """A student's own archive is held to the same rules, and an archive in that one is a file like any other."""
        taken = receiver.take([("eve_101_1_hello.zip", inner), ("b_102_2_hello.py", RIGHT)])
        assert (not taken.left_out) == (reason == "")
        assert all(
            reason in each and str(receiver.folder) not in each and "/tmp" not in each for each in taken.left_out
        )
        assert receiver.received[-1].student == "bo"

    def test_link_within(self, receiver):
        """Links are refused on both levels."""
        inside = [("eve_101_1_hello.zip", [(self.link("hello.py"), b"/etc/passwd")])]
        assert "is a symbolic link" in receiver.take(inside).left_out[0]
        assert "is a symbolic link" in receiver.take([(self.link("eve_101_1_hello.py"), b"/etc/passwd")]).left_out[0]
        assert receiver.received == ()

    def test_leads_elsewhere(self, receiver):
        """A path from one's own folder to another's is refused, whatever the system made of it."""
        files = [
            ("Eve_7_assignsubmission_file/../Jane Doe_8_assignsubmission_file/hello.py", b"evil"),
            ("Jane Doe_8_assignsubmission_file/hello.py", RIGHT),
        ]
        taken = receiver.take(files)
        assert receiver.handed_in == [("bo", {"hello.py": RIGHT})]
        assert "leads out of the project" in taken.left_out[0]

    def test_names_shown(self, receiver):
        """What a name could do to a terminal is shown as text."""
        taken = receiver.take([("x\x1b[2J\u202e_999_1_hello.py", RIGHT), ("a_101_1_hello.py", RIGHT)])
        assert taken.left_out == (r"x\x1b[2J\u202e_999_1_hello.py: the roster has nobody with canvas 999.",)

    def test_many_entries(self, receiver):
        """An export may be larger than a project: what bounds a project bounds each person's part."""
        many = [(f"Ada_7_assignsubmission_file/{number}", b"") for number in range(2_500)]
        taken = receiver.take([*many, ("Jane_8_assignsubmission_file/hello.py", RIGHT)])
        assert "over 2000 files" in taken.left_out[0]
        assert [each.student for each in receiver.received] == ["bo"]


class TestAgain:
    """Nothing is noted twice."""

    @pytest.mark.parametrize("said", [True, False])
    def test_same(self, receiver, said):
        """Taking the same in again adds nothing, whether anybody said when it was received or not."""
        files = [(f"a_101_{number}_hello-{number}.py", bytes([48 + number % 2])) for number in range(1, 4)]
        for minute in range(3):
            at = NOW if said else NOW + datetime.timedelta(minutes=minute)
            taken = receiver.take(files, when=ReceivedTime(at, is_stated=said), name=f"export {minute}.zip")
            assert (taken.new, taken.known) == ((0, 3) if minute else (3, 0))
        assert [files["hello.py"] for _, files in receiver.handed_in] == [b"1", b"0", b"1"]
        assert receiver.received[-1].received_at == NOW

    def test_later_export(self, receiver):
        """Of a later export, only what is new is noted; what somebody went back to is new, too."""
        contents = [b"1", b"1", b"2", b"1"]
        for minute, content in enumerate(contents):
            when = ReceivedTime(NOW + datetime.timedelta(minutes=minute), is_stated=False)
            receiver.take([("Ada_7_assignsubmission_file/hello.py", content)], when=when, name=f"{minute}.zip")
        assert [files["hello.py"] for _, files in receiver.handed_in] == [b"1", b"2", b"1"]

    @pytest.mark.parametrize("name", ["a_101_1_hello.py", "Ada_7_assignsubmission_file/hello.py"])
    def test_another_time(self, receiver, name):
        """What is known already, and would have another time now, is named, and gets that time only if you want it."""
        receiver.take([(name, b"1")], when=ReceivedTime(NOW))
        later = ReceivedTime(NOW + datetime.timedelta(hours=1))
        taken = receiver.take([(name, b"1")], when=later, name="later.zip")
        assert (taken.new, taken.known) == (0, 1)
        assert taken.other_times == (
            "greeting of ada: received 2026-01-31T12:00:00+00:00, and not 2026-01-31T13:00:00+00:00",
        )
        assert [each.received_at for each in receiver.received] == [NOW]
        for _ in range(2):
            receiver.take([(name, b"1")], when=later, name="later.zip", correct=True)
        assert [each.received_at for each in receiver.received] == [later.at]
        assert receiver.take([(name, b"1")], when=later, name="last.zip").other_times == ()

    def test_late(self, receiver):
        """After the due date somebody must say when things came, and may say it apart for what is marked as late."""
        files = [("a_101_1_hello.py", b"1"), ("b_LATE_102_2_hello.py", b"2")]
        due = NOW - datetime.timedelta(days=1)
        with pytest.raises(UsageError, match="say it with --at"):
            receiver.take(files, when=ReceivedTime(NOW, is_stated=False), due=due)
        assert receiver.received == ()
        receiver.take(files, when=ReceivedTime(due, NOW), due=due)
        assert [(each.student, each.received_at) for each in receiver.received] == [("ada", due), ("bo", NOW)]

    def test_several_exercises(self, receiver):
        """For several exercises, folders or archives that are called as these are taken, from one archive, too."""
        exercises = REAL.find(["02", "09"])
        files = [(each.name, each.about.learner[0]) for each in exercises]
        inner = [(f"work/{name}/{file}", name.encode()) for name, file in files]
        receiver.take([("a_101_1_work.zip", inner)], exercises=exercises)
        apart = [(f"b_102_{number}_{name}.zip", [(file, b"")]) for number, (name, file) in enumerate(files, 1)]
        receiver.take(apart, exercises=exercises)
        slugs = [each.slug for each in exercises]
        assert [(each.student, each.exercise) for each in receiver.received] == [
            *(("ada", slug) for slug in slugs),
            *(("bo", slug) for slug in slugs),
        ]


class TestRoster:
    """Who is meant by what."""

    def test_keys(self):
        """Accents are composed, addresses in small letters, and participants known by their number."""
        assert roster.key("id", unicodedata.normalize("NFD", " josé")) == ("id", "josé")
        assert roster.key("email", "A@X.org") == ("email", "a@x.org")
        assert [roster.key("moodle", each)[1] for each in ("Participant 7", "7", "s7", "a b7")] == [
            "7",
            "7",
            "s7",
            "a b7",
        ]

    def test_collisions(self, tmp_path):
        """Two people of one id, however it is written, are a fault of the roster."""
        path = tmp_path / "roster.csv"
        path.write_text(f"id,email\njosé,a@x.org\n{unicodedata.normalize('NFD', 'josé')},A@X.org\n", encoding="utf-8")
        with pytest.raises(UsageError, match=r"same id as line 2(.|\n)*same email as line 2"):
            roster.read(path)


def test_nothing_of_the_learners(receiver):
    """Without any of the learner's files nothing is kept; the person, the exercise and what may be meant are named."""
    inner = packed([("hello.py.txt", RIGHT)])
    taken = receiver.take([("lovelaceada_101_9001_work.zip", inner), ("doejane_103_9003_hello.py", RIGHT)])
    assert [each.student for each in receiver.received] == ["cy"]
    (left,) = taken.left_out
    assert left == (
        "ada (Ada Lovelace): lovelaceada_101_9001_work.zip, for 01_greeting: None of the files to edit is there: "
        "hello.py. hello.py.txt is there: save it as hello.py."
    )


def test_journal(receiver):
    """What can't be taken in is noted once: whose it is if that is known, for which exercise, when and why."""
    files = [("lovelaceada_101_9001_work.7z", b"7z"), ("who_999_9003_hello.py", RIGHT), ("notes.txt", b"")]
    for _ in range(2):
        receiver.take(files)
    book = ledger.open_(receiver.folder / "ledger.sqlite")
    noted = book.refused()
    book.close()
    assert [(each.student, each.exercise, each.source) for each in noted] == [
        ("", "", "notes.txt"),
        ("ada", "greeting", "lovelaceada_101_9001_work.7z"),
        ("", "", "who_999_9003_hello.py"),
    ]
    assert "None of the files to edit is there" in noted[1].why
    assert {each.received_at for each in noted} == {NOW}


def test_nothing_in_one_of_several(receiver):
    """Of several projects only that without any of the learner's files is left out."""
    one, two = REAL.find(["01", "02"])
    files = [("01_path_appending/notes.pdf", b"1"), ("02_main_guard/tally.py", b"2")]
    taken = receiver.take([("lovelaceada_101_9001_work.zip", files)], exercises=(one, two))
    assert [(each.student, each.exercise) for each in receiver.received] == [("ada", "main_guard")]
    (left,) = taken.left_out
    assert left.endswith("for 01_path_appending: None of the files to edit is there: bin/report.py.")


def test_folder_of_ids(receiver):
    """Folders are matched by ids however accents are written; an id that is there twice is nobody's."""
    folder = receiver.folder / "week 1"
    for name in (unicodedata.normalize("NFD", "josé"), "ada"):
        (folder / name).mkdir(parents=True)
        (folder / name / "answer.py").write_bytes(RIGHT)
    (folder / "ada.zip").write_bytes(packed([("hello.py", RIGHT)]))
    (folder / "bo.7z").write_bytes(b"7z")
    book = ledger.open_(receiver.folder / "ledger.sqlite")
    taken = submissions.take_in(
        folder, PEOPLE, (GREETING,), SubmissionRecorder(book, Store(receiver.folder / "store"), ReceivedTime(NOW))
    )
    book.close()
    assert receiver.handed_in == [("josé", {"hello.py": RIGHT})]
    assert len(taken.left_out) == 3
    assert any(line.startswith("bo (") and "bo.7z is not a folder, nor a .zip" in line for line in taken.left_out)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize(
    ("files", "swapped"),
    [
        (["ada/hello.py"], "ada"),
        (["ada/answer/hello.py"], "ada"),
        (["ada/answer/hello.py"], "ada/answer"),
        (["ada/01_greeting/hello.py", "ada/notes.txt"], "ada/01_greeting"),
        (["ada.zip"], "ada.zip"),
        (["ada/answer.zip"], "ada/answer.zip"),
        (["ada/answer.zip"], "ada"),
    ],
)
def test_swapped_after_it_was_found(tmp_path, files, swapped):
    """A link that takes a project's place while it is received leads nowhere: nobody hands in files of others."""
    for top, content in (("week 1", RIGHT), ("outside", b"of others")):
        for name in files:
            path = tmp_path / top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(packed([("hello.py", content)]) if path.suffix == ".zip" else content)
    (handed,) = (tmp_path / "week 1").iterdir()
    (project,) = projects.find_projects(handed, (GREETING,), tmp_path / "scratch")
    (tmp_path / "week 1" / swapped).rename(tmp_path / "aside")
    (tmp_path / "week 1" / swapped).symlink_to(tmp_path / "outside" / swapped)
    with pytest.raises(IntakeError, match=r"changed while it was read|is a symbolic link"):
        Store(tmp_path / "store").put(project.path, project.exercise, below=project.below)
    assert not (tmp_path / "store").exists()


def test_command(tmp_path):
    """The command takes an export in, names what it left, and refuses what makes no sense, each in a sentence."""

    def run(*arguments):
        command = ["--catalog", str(TINY), "class", "--course", str(tmp_path), *map(str, arguments)]
        return CliRunner().invoke(kata, command, standalone_mode=False)

    course.create(tmp_path, "Term")
    (tmp_path / "roster.csv").write_text("id,canvas\nada,101\n")
    export = tmp_path / "week 1.zip"
    export.write_bytes(packed([("x_LATE_101_1_hello.py", RIGHT), ("x_9_2_hello.py", RIGHT)]))
    seen = run("receive", export, "--at", "2026-01-31T23:59:00+01:00")
    assert (seen.return_value, seen.stdout) == (1, "1 projects taken in, 0 were here already, 1 left out.\n")
    assert "x_9_2_hello.py: the roster has nobody with canvas 9." in seen.stderr
    assert "marked as late, but noted as received at 2026-01-31T23:59:00+01:00 like the rest: ada." in seen.stderr
    for wrong in (("--from", "moodle"), ("--late-at", "soon"), ("--worksheet", export)):
        assert isinstance(run("receive", export, *wrong).exception, UsageError)
    assert isinstance(run("receive", tmp_path, "--groups").exception, UsageError)
    export.write_bytes(packed([("hello.py", RIGHT)]))
    assert "no export of Canvas, Moodle or Gradescope" in str(run("receive", export).exception)
