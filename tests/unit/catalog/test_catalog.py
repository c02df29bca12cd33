import re

import pytest

from grader import catalog
from grader.errors import CatalogError, UsageError
from grader.model import AttemptLimits

SOUND = """
title = "The shelf"
difficulty = 1
concepts = ["sys.path"]
learner = ["report.py"]
given = ["lib/soundings.py"]
"""


@pytest.fixture
def write_exercise(tmp_path):
    """Write one exercise with that exercise.toml into a catalogue; gives the catalogue's folder."""

    def write(about=SOUND, *, name="01_path_appending", files=("report.py", "lib/soundings.py")):
        folder = tmp_path / "exercises" / name
        for file in files:
            path = folder / "stub" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
        folder.mkdir(parents=True, exist_ok=True)
        if about is not None:
            (folder / "exercise.toml").write_text(about, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def three(write_exercise):
    """A sound catalogue of three exercises."""
    for name in ("10_entry_points", "01_path_appending", "02_main_guard"):
        folder = write_exercise(name=name)
    return catalog.load(folder)


def faults_of(folder):
    """The faults of a broken catalogue, without the path that each begins with."""
    with pytest.raises(CatalogError) as caught:
        catalog.load(folder)
    return caught.value.faults


def test_our_own_catalogue_is_sound():
    """Without a folder given, the exercises that come with the grader are loaded."""
    assert catalog.load().exercises


class TestReading:
    """Folders and TOML become exercises."""

    def test_exercise(self, write_exercise):
        """Number, slug and folders follow from the folder's name, the rest from exercise.toml."""
        folder = write_exercise().resolve()
        (found,) = catalog.load(folder).exercises
        assert (found.number, found.slug, found.name) == (1, "path_appending", "01_path_appending")
        assert found.about.title == "The shelf"
        assert found.stub == folder / "exercises/01_path_appending/stub"
        assert found.hidden_tests == folder / "exercises/01_path_appending/hidden_tests"
        assert found.reference == folder / "solutions/01_path_appending/reference"

    def test_order(self, three):
        """Exercises come in the order of their numbers."""
        assert [exercise.number for exercise in three.exercises] == [1, 2, 10]

    def test_defaults(self, write_exercise):
        """Weight, limits, hints and version need not be given."""
        (found,) = catalog.load(write_exercise()).exercises
        assert found.about.weight == 1
        assert found.about.hints == ()
        assert found.limits.wall < found.build_limits.wall

    def test_limits(self, write_exercise):
        """The wall limits of exercise.toml are those of executions and builds."""
        (found,) = catalog.load(write_exercise(SOUND + "[limits]\nwall = 3.5\nbuild_wall = 41.0\n")).exercises
        assert found.limits.wall == 3.5
        assert found.build_limits.wall == 41.0
        assert found.build_limits.cpu >= 41

    def test_changes(self, write_exercise):
        """What is new between two versions is what was said of the later ones, up to the last that is meant."""
        told = "".join(f"[[changes]]\nversion = {number}\nsays = 'v{number}'\n" for number in (2, 3, 4))
        (found,) = catalog.load(write_exercise(f"{SOUND}version = 4\n{told}")).exercises
        assert found.changes_between(1, 4) == ("v2", "v3", "v4")
        assert found.changes_between(2, 3) == ("v3",)
        assert found.changes_between(4, 4) == ()

    def test_attempt_limits(self, write_exercise):
        """All executions of an attempt have a minute, half of it of processors, unless exercise.toml says otherwise."""
        (found,) = catalog.load(write_exercise()).exercises
        assert found.attempt_limits == AttemptLimits(wall=60.0, cpu=30.0)
        limits = "[limits]\nattempt_wall = 90.0\nattempt_cpu = 45\n"
        (found,) = catalog.load(write_exercise(SOUND + limits)).exercises
        assert found.attempt_limits == AttemptLimits(wall=90.0, cpu=45.0)
        (found,) = catalog.load(write_exercise(f"{SOUND}[limits]\nwall = 70\n")).exercises
        assert found.attempt_limits.wall == 70.0, "one execution may take all of its own time"
        limits = "[limits]\nwall = 1\nbuild_wall = 1\ncheck_timeout = 2\n"
        (found,) = catalog.load(write_exercise(SOUND + limits)).exercises
        assert found.attempt_limits.wall == 1.8, "executions end before the check that waits for them"

    def test_mistakes(self, write_exercise):
        """The catalogued mistakes are read when asked for, and need not be there."""
        (found,) = catalog.load(write_exercise()).exercises
        assert found.mistakes == ()
        mistakes = found.folder / "mistakes"
        mistakes.mkdir()
        (mistakes / "mistakes.toml").write_text(
            '[[mistake]]\nname = "relative_entry"\nsays = "A relative entry holds anywhere."\nloses = ["test_any"]\n'
        )
        (again,) = catalog.load(found.folder.parent.parent).exercises
        (mistake,) = again.mistakes
        assert (mistake.name, mistake.loses, mistake.base, mistake.at_least) == (
            "relative_entry",
            ("test_any",),
            "reference",
            False,
        )

    def test_broken_mistakes(self, write_exercise):
        """Every fault of mistakes.toml is named, with file and key."""
        (found,) = catalog.load(write_exercise()).exercises
        (found.folder / "mistakes").mkdir()
        (found.folder / "mistakes" / "mistakes.toml").write_text("[[mistake]]\nname = 3\n[other]\nx = 1\n")
        with pytest.raises(CatalogError) as caught:
            _ = found.mistakes
        assert len(caught.value.faults) == 2
        assert all("mistakes.toml: " in fault for fault in caught.value.faults)
        assert "$[0].name" in caught.value.faults[0]
        assert "other: is not a known key" in caught.value.faults[1]

    def test_alternatives(self, write_exercise):
        """Every visible folder among the alternatives is one, in order of their names."""
        (found,) = catalog.load(write_exercise()).exercises
        for name in ("site_directory", "guarded", ".cache", "__pycache__"):
            (found.solutions / "alternatives" / name).mkdir(parents=True)
        assert [path.name for path in found.alternatives] == ["guarded", "site_directory"]

    def test_other_folders(self, write_exercise):
        """Folders whose names begin with a dot or underscore are no exercises, nor are files."""
        folder = write_exercise()
        (folder / "exercises" / "_drafts").mkdir()
        (folder / "exercises" / ".git").mkdir()
        (folder / "exercises" / "README.md").write_text("")
        assert len(catalog.load(folder).exercises) == 1


class TestFaults:
    """Everything that is wrong is said at once, each fault with its file and key."""

    def test_all_at_once(self, write_exercise):
        """One exercise with many faults and others with one each: all of them are reported together."""
        write_exercise(
            'title = " "\ndifficulty = 9\nconcepts = []\nlearner = ["gone.py"]\ngiven = ["gone.py", "also.py"]\n'
            "weight = -1\n[limits]\nwall = 0.0\nbuild_wall = 500.0\n[[hints]]\nlevel = 4\ntext = 'x'\n"
        )
        write_exercise("title = ", name="02_main_guard")
        write_exercise(None, name="03_init_exports")
        write_exercise('titel = "x"\ndifficulty = "hard"\n', name="04_relative_imports")
        folder = write_exercise(name="Five")
        found = faults_of(folder)
        for number, key in [
            ("01", "title"),
            ("01", "difficulty"),
            ("01", "weight"),
            ("01", "learner: there is no file stub/gone.py"),
            ("01", "given: there is no file stub/also.py"),
            ("01", "given: gone.py is among the learner's files"),
            ("01", "limits.wall"),
            ("01", "limits.build_wall"),
            ("01", "hints[0]"),
            ("04", "titel: is not a known key"),
            ("04", "difficulty"),
            ("04", "title: is missing"),
            ("04", "concepts: is missing"),
            ("04", "learner: is missing"),
        ]:
            assert any(
                re.search(rf"[/\\]{number}_\w+[/\\]exercise\.toml: {re.escape(key)}", fault) for fault in found
            ), key
        assert any("02_main_guard" in fault and "can't be read as TOML" in fault for fault in found)
        assert any("03_init_exports" in fault and "is missing" in fault for fault in found)
        assert any("Five" in fault and "01_path_appending" in fault for fault in found)

    def test_message_holds_every_fault(self, write_exercise):
        """The error's text is all of its faults, one a line."""
        folder = write_exercise("difficulty = 9\n")
        with pytest.raises(CatalogError) as caught:
            catalog.load(folder)
        assert str(caught.value).splitlines() == list(caught.value.faults)

    @pytest.mark.parametrize(
        ("line", "key"),
        [
            ("learner = []", "learner"),
            ("weight = -1", "weight"),
            ('learner = "report.py"', "learner"),
            ("difficulty = 1.5", "difficulty"),
            ("difficulty = true", "difficulty"),
            ("title = 3", "title"),
            ("weight = '2'", "weight"),
            ("[[hints]]\nlevel = 1\ntext = ' '", r"hints\[0\]"),
            ("[[hints]]\nlevel = 1", "hints"),
            ("[[hints]]\nlevel = 1\ntext = 'x'\ncheck = 'y'", "hints"),
            ('instead = ["../setup.cfg"]', "instead"),
            ('instead = ["report.py"]', "instead"),
            ("[[changes]]\nversion = 2\nsays = 'x'", r"changes\[0\]"),
            ("version = 2\n[[changes]]\nversion = 1\nsays = 'x'", r"changes\[0\]"),
            ("version = 2\n[[changes]]\nversion = 2\nsays = ' '", r"changes\[0\]"),
            ("[limits]\nwall = nan", r"limits\.wall"),
            ("[limits]\nwall = inf", r"limits\.wall"),
            ("[limits]\nwal = 3.0", "limits"),
            ("[limits]\ncheck_timeout = -1.0", r"limits\.wall"),
            ("[limits]\nattempt_wall = 0", r"limits\.attempt_wall"),
            ("[limits]\nattempt_wall = inf", r"limits\.attempt_wall"),
            ("[limits]\nattempt_wall = nan", r"limits\.attempt_wall"),
            ("[limits]\nattempt_cpu = 0", r"limits\.attempt_cpu"),
            ("[limits]\nattempt_cpu = inf", r"limits\.attempt_cpu"),
            ("[limits]\nattempt_cpu = nan", r"limits\.attempt_cpu"),
            ("[limits]\nattempt = 30", "limits"),
        ],
    )
    def test_one_wrong_value(self, write_exercise, line, key):
        """A value of the wrong kind or range is a fault of that key."""
        name = line.partition(" ")[0]
        others = "".join(row + "\n" for row in SOUND.strip().splitlines() if not row.startswith(f"{name} "))
        found = faults_of(write_exercise(others + line + "\n"))
        assert any(re.search(rf"exercise\.toml: {key}\b|exercise\.toml: {key}:", fault) for fault in found), found

    def test_unknown_key_hides_no_wrong_value(self, write_exercise):
        """A mistyped key doesn't keep the faults of other values for the next try."""
        found = faults_of(write_exercise('titel = "x"\ndifficulty = 9\nconcepts = []\nlearner = ["gone.py"]\n'))
        for key in ("titel", "title", "difficulty", "learner"):
            assert any(f"exercise.toml: {key}: " in fault for fault in found), key

    def test_every_fault_is_a_sentence(self, write_exercise):
        """A fault ends like a sentence."""
        found = faults_of(write_exercise('titel = "x"\ndifficulty = 7\nconcepts = 3\n'))
        assert [fault for fault in found if not fault.endswith(".")] == []

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"title = 'x", b"\xef\xbb\xbftitle = 'x'"])
    def test_no_toml(self, write_exercise, content):
        """A file that is no TOML in UTF-8 is one fault."""
        folder = write_exercise()
        path = folder / "exercises" / "01_path_appending" / "exercise.toml"
        path.write_bytes(content)
        (fault,) = faults_of(folder)
        assert str(path.resolve()) in fault
        assert "can't be read as TOML" in fault

    def test_two_exercises_of_one_number(self, write_exercise):
        """A number names one exercise only, or `kata grade 1` would be ambiguous."""
        write_exercise(name="01_path_appending")
        found = faults_of(write_exercise(name="01_main_guard"))
        assert any("01_main_guard" in fault for fault in found)

    def test_two_exercises_of_one_slug(self, write_exercise):
        """A slug names one exercise only, since reports name exercises by it."""
        write_exercise(name="01_path_appending")
        found = faults_of(write_exercise(name="02_path_appending"))
        assert any("02_path_appending" in fault for fault in found)

    @pytest.mark.parametrize("name", ["../exercise.toml", "lib/../../exercise.toml"])
    def test_given_file_outside_of_the_stub(self, write_exercise, name):
        """A given file has to lie in the stub, or it would be laid over something outside of the project."""
        found = faults_of(write_exercise(SOUND.replace("lib/soundings.py", name)))
        assert any(f"given: {name}" in fault or f"stub/{name}" in fault for fault in found)

    def test_no_exercises(self, tmp_path):
        """A folder without exercises is no catalogue, and the fault says what one looks like."""
        (fault,) = faults_of(tmp_path)
        assert "there is no exercise" in fault
        assert "01_path_appending" in fault

    def test_no_folder(self, tmp_path):
        """A folder that is not there is no catalogue either."""
        assert faults_of(tmp_path / "gone")


class TestFinding:
    """Exercises are found by any of their names."""

    @pytest.mark.parametrize(
        "name",
        [
            "1",
            "01",
            "path_appending",
            "01_path_appending",
            "path-appending",
            "01-path-appending",
            "Path_Appending",
            "01_path_appending/",
            "01_path_appending\\",
            " 01 ",
        ],
    )
    def test_any_of_its_names(self, three, name):
        """Number with or without a zero, slug, folder name, with dashes, capitals or a trailing slash: all mean it."""
        assert [exercise.slug for exercise in three.find([name])] == ["path_appending"]

    def test_catalogue_order(self, three):
        """Whatever order they are asked for in, and however often, exercises come once and in catalogue order."""
        found = three.find(["10", "path_appending", "1", "02"])
        assert [exercise.number for exercise in found] == [1, 2, 10]

    def test_no_name_means_all(self, three):
        """Without a name all are meant."""
        assert three.find([]) == three.exercises

    def test_unknown_names(self, three):
        """Every unknown name is named, with the nearest known one, and nothing is found."""
        with pytest.raises(UsageError) as caught:
            three.find(["path_apending", "1", "main-gard", "zzz"])
        message = str(caught.value)
        assert "'path_apending'. Did you mean path_appending?" in message
        assert "'main-gard'. Did you mean main_guard?" in message
        assert "'zzz'." in message
        assert message.count("Did you mean") == 2

    @pytest.mark.parametrize("name", ["", "0", "3", "001", "01_main_guard", "exercises/01_path_appending"])
    def test_near_misses_are_unknown(self, three, name):
        """Half a name, another's number or a path mean nothing."""
        with pytest.raises(UsageError):
            three.find([name])
