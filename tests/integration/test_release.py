"""What leaves for students: stubs and instructions, and never a byte of what is to stay hidden."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from grader import catalog, reports, sandbox

REPOSITORY = Path(__file__).parents[2]
WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the workflow's shell is a Linux one")
NEEDS_BUBBLEWRAP = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")
MOMENT = "2026-01-31T12:00:00+00:00"


@pytest.fixture
def term(kata):
    """A course with all exercises."""
    assert kata("class", "init", "Term").returncode == 0
    return kata


def names(folder):
    """The files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def run(command, folder):
    """Run a line of the workflow, as the service would."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    line = ["bash", "-ec", command]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def workflow_command(folder):
    """What the workflow runs after its set-up."""
    return re.findall(r"- run: (.*)", (folder / ".github/workflows/check.yml").read_text())[0]


def test_release(term):
    """Each file of a release is known: stubs byte for byte, READMEs, and what was asked for; nothing else."""
    seen = term("class", "release", "for students", "--self-check")
    assert seen.returncode == 0, seen.stderr
    folder = term.cwd / "for students"
    loaded = catalog.load()
    stubs = {
        f"{each.name}/{path.relative_to(each.stub).as_posix()}": path.read_bytes()
        for each in loaded.exercises
        for path in each.stub.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    guides = {f"instructions/{each.name}.md" for each in loaded.exercises}
    own = {
        "README.md",
        ".gitignore",
        ".gitattributes",
        ".github/workflows/check.yml",
        "self_check.py",
        "self_check.json",
    }
    assert names(folder) == set(stubs) | guides | own
    assert all((folder / name).read_bytes() == content for name, content in stubs.items())
    assert f"Wrote for students: {len(loaded.exercises)} exercises, {len(names(folder))} files." in seen.stdout
    readme = (folder / "README.md").read_text()
    assert readme.startswith("# Term\n")
    assert all(f"| `{each.name}/` | {each.about.title} | – |" in readme for each in loaded.exercises)


def test_hints(term):
    """Hints are handed out up to the level that was asked for, and none by default."""
    assert term("class", "release", "plain", "--exercise", "01").returncode == 0
    assert term("class", "release", "helped", "--exercise", "01", "--hints", "2").returncode == 0
    assert not (term.cwd / "plain/hints").exists()
    text = (term.cwd / "helped/hints/01_path_appending.md").read_text()
    for hint in catalog.load().find(["01"])[0].about.hints:
        assert (hint.text.strip() in text) == (hint.level <= 2)


def test_refused(term):
    """A folder that holds something, a link and a part of the catalogue are refused, and nothing changes in them."""
    full, link = term.cwd / "full", term.cwd / "link"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    (term.cwd / "empty").mkdir()
    link.symlink_to("empty")
    for target in (full, link, full / "mine.txt"):
        seen = term("class", "release", target, "--exercise", "01")
        assert seen.returncode == 2
        assert "is not an empty folder" in seen.stderr
    inside = REPOSITORY / "exercises" / "new"
    assert term("class", "release", inside).returncode == 2
    assert not inside.exists()
    assert names(full) == {"mine.txt"}
    assert term("class", "release", "empty", "--exercise", "01").returncode == 0


@pytest.mark.parametrize("options", [(), ("--self-check",)])
def test_workflow(term, options):
    """What the workflow runs passes for what was released, and fails for what doesn't compile."""
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the workflow")
    assert term("class", "release", "out", "--exercise", "01", "--exercise", "05", *options).returncode == 0
    folder = term.cwd / "out"
    workflow = yaml.safe_load((folder / ".github/workflows/check.yml").read_text())
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[1]["with"]["python-version"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    command = steps[-1]["run"]
    assert command == workflow_command(folder)
    assert run(command, folder).returncode == 0
    (folder / "05_setup_py/setup.py").write_text("def (\n")
    assert run(command, folder).returncode != 0


def test_self_check_is_fair(term, solutions):
    """Whatever earns full marks passes the self-check, too: it asks for nothing that isn't asked for."""
    assert term("class", "release", "out", "--self-check").returncode == 0
    folder = term.cwd / "out"
    answers = {name: [path / "reference", *(path / "alternatives").glob("*/")] for name, path in solutions.items()}
    for turn in range(max(map(len, answers.values()))):
        trial = term.cwd / f"trial {turn}"
        shutil.copytree(folder, trial)
        for name, paths in answers.items():
            for learner in catalog.load().find([name])[0].about.learner:
                (trial / name / learner).unlink()
            shutil.copytree(paths[turn % len(paths)], trial / name, dirs_exist_ok=True)
        seen = run("python self_check.py", trial)
        assert seen.returncode == 0, seen.stdout


def test_self_check_says(term):
    """A change of what is given, a file that is gone and one that doesn't compile are said, and nothing is run."""
    assert term("class", "release", "out", "--exercise", "01", "--self-check").returncode == 0
    project = term.cwd / "out/01_path_appending"
    (project / "bin/report.py").write_text("open('ran', 'w')\n")
    (project / "lib/soundings.py").write_bytes((project / "lib/soundings.py").read_bytes().replace(b"\n", b"\r\n"))
    assert run("python self_check.py", term.cwd / "out").returncode == 0
    (project / "lib/soundings.py").write_text("x")
    (project / "lib/statistics.py").unlink()
    (project / "bin/other.py").write_bytes(b"\0\xff")
    seen = run("python self_check.py", term.cwd / "out")
    assert seen.returncode == 1
    for words in (
        "statistics.py: is given, and gone",
        "soundings.py: is given; what you",
        "other.py: does not compile",
    ):
        assert words in seen.stdout
    assert not list((term.cwd / "out").rglob("ran"))


CANARY = "canary{}q7x"
RIGHT = 'import sys\n\nif __name__ == "__main__":\n    print(f"Hello, {sys.argv[1]}!")\n'
LOOKS_AROUND = "import hello, os, sys\nprint(vars(hello), sys.path, dict(os.environ), os.listdir('/'), os.listdir())\n"


class Canaries:
    """Words that are nowhere else, planted into what is to stay hidden."""

    def __init__(self, folder):
        """Plant them into a copy of the tiny catalogue."""
        self.words = {}
        exercise, solution = folder / "exercises/01_greeting", folder / "solutions/01_greeting"
        checks = exercise / "hidden_tests/test_greeting.py"
        text = checks.read_text()
        text = text.replace("    looked = expect", f"    {self.new('a name in a check')} = 1\n    looked = expect")
        checks.write_text(f"# {self.new('a comment in a check')}\n{text}\n{self.new('a constant in a check')} = 5\n")
        (exercise / f"hidden_tests/{self.new('a name beside the checks')}.py").write_text(self.new("beside the checks"))
        (exercise / "design.md").write_text(self.new("the design"))
        signatures = {"seen": [self.new("signatures")], "mistakes": {}}
        (exercise / "mistakes/signatures.json").write_text(json.dumps(signatures))
        settings = exercise / "exercise.toml"
        settings.write_text(f"# {self.new('settings')}\n" + settings.read_text())
        settings.write_text(
            settings.read_text().replace("The first word after", self.new("hint 3") + " The first word")
        )
        for path in (*solution.rglob("*.py"), *(exercise / "mistakes").rglob("*.py")):
            path.write_text(path.read_text() + f"# {self.new(path.relative_to(folder).as_posix())}\n")
        mistakes = exercise / "mistakes/mistakes.toml"
        mistakes.write_text(f"# {self.new('mistakes')}\n" + mistakes.read_text())
        (solution / "reference" / self.new("a name in the solution")).write_text("")
        cache = exercise / "stub/__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / "hello.cpython-311.pyc").write_text(self.new("a trace beside the stub"))

    def new(self, where):
        """A new word, and where it was planted."""
        word = CANARY.format(len(self.words))
        self.words[word] = where
        return word

    def found_in(self, name, content):
        """Where those words that are in some bytes, or in what is packed in them, were planted."""
        whole = b"\0".join([name.encode(), *unpacked(content)])
        return {where for word, where in self.words.items() if re.search(rb"%b" % word.encode(), whole)}


def unpacked(content):
    """Bytes, and all that is packed in them: members of zips, streams of zlib and gzip."""
    yield content
    if content[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode()
                yield from unpacked(archive.read(entry))
    for wbits, mark in ((31, b"\x1f\x8b"), (15, b"\x78")):
        if content[: len(mark)] == mark:
            try:
                yield zlib.decompress(content, wbits)
            except zlib.error:
                continue


@NEEDS_BUBBLEWRAP
def test_canaries(kata, tiny):
    """Words planted into checks, solutions, mistakes, hints and settings are in nothing that leaves, packed or not."""
    canaries = Canaries(tiny)
    assert len(canaries.words) > 15

    def course(*arguments, statuses=(0,), **options):
        seen = kata("--catalog", tiny, "class", *arguments, **options)
        assert seen.returncode in statuses, seen.stderr
        said[f"class {arguments[0]} {len(said)}"] = (seen.stdout + seen.stderr).encode()

    said = {}
    course("init", "Term")
    (kata.cwd / "roster.csv").write_text("id,canvas,moodle\nada,101,7\nbo,102,8\n")
    course("release", "out", "--self-check", "--hints", "2")
    with zipfile.ZipFile(kata.cwd / "week.zip", "w") as archive:
        archive.writestr("a_101_1_hello.py", "print('Hello, Ada!')\n")
        archive.writestr("b_102_2_hello.py", "import sys\nprint(open(sys.argv[0]).read(), sys.path)\nraise KeyError\n")
    course("receive", "week.zip", "--at", MOMENT)
    course("grade")
    course("status")
    course("regrade", statuses=(0, 1))
    course("export", "--csv", "--output", "table.csv")
    gradebook = [["Student", "ID", "Paths (5)"], ["Points Possible", "", "10"], ["A", "101", ""], ["B", "102", ""]]
    with (kata.cwd / "gradebook.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(gradebook)
    course("export", "--canvas", "gradebook.csv", "--column", "Paths (5)", "--output", "filled.csv")
    for arguments in (("feedback", "feedback"), ("dashboard", "dashboard.html")):  # 2: an extra is missing
        course(*arguments, statuses=(0, 1, 2))
    answer = kata.cwd / "answer"
    answer.mkdir()
    forms = ["terminal", *reports.FORMATS]
    trials = [(LOOKS_AROUND, form) for form in forms] + [(RIGHT, "markdown"), ("raise SystemExit(3)\n", "json")]
    for text, form in trials:
        (answer / "hello.py").write_text(text)
        seen = kata("--catalog", tiny, "grade", "greeting", "--project", answer, "--format", form)
        assert seen.returncode == 0, seen.stderr
        said[f"{form} {len(said)}"] = (seen.stdout + seen.stderr).encode()
    checks = tiny / "exercises/01_greeting/hidden_tests/test_greeting.py"
    checks.write_text(checks.read_text().replace("    looked = expect", "    raise KeyError('x')\n    looked = expect"))
    seen = kata("--catalog", tiny, "grade", "greeting", "--project", answer)
    assert seen.returncode == 3
    said["a broken check"] = (seen.stdout + seen.stderr).encode()
    assert len(said) > len(reports.FORMATS) + 8
    leaving = [path for path in kata.cwd.rglob("*") if path.is_file() and "ledger" not in path.name]
    said |= {path.relative_to(kata.cwd).as_posix(): path.read_bytes() for path in leaving}
    assert {name: found for name, content in said.items() if (found := canaries.found_in(name, content))} == {}
    planted = "\n".join(canaries.words).encode()
    assert canaries.found_in("x", planted) == set(canaries.words.values())
