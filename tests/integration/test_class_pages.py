"""What students and the instructor read, as files and in a real browser: Chromium, driven by playwright, with axe."""

import csv
import datetime
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from grader.classroom import pages
from grader.classroom.handout import feedback
from grader.classroom.insight import comments
from grader.classroom.insight.dashboard.plots import Plots
from grader.classroom.records import course, ledger
from grader.classroom.records.ledger import Grading, Received
from grader.errors import UsageError
from grader.explaining.messages import Row, parts
from grader.model import Attempt, CheckResult, Diagnosis, Outcome, Step, Verdict
from grader.reports import json_report

for _package in ("jinja2", "altair", "vl_convert"):
    pytest.importorskip(_package, reason=f"pages of a class need {_package}: pip install 'import-kata[classroom]'")

DUE = datetime.datetime(2026, 1, 31, 23, 59, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
SCRIPT = "<script>document.title='ran'; alert(1)</script>"
IMAGE = '"><img src=x onerror="document.title=\'ran\'; alert(2)">'
STYLE = "</style></pre></code><svg onload=alert(3)>"
BIDI = "Eve \u202egnp.exe"
KEPT = "only the transcript knows"
NAMES = {"ada": "Ada Lovelace", "b/../o": SCRIPT, "Cy@x": IMAGE, "dee": STYLE, "eli": BIDI, IMAGE: "", "gone": "Gus"}
MESSAGE = """\
got:      {1}
stderr:   ran: forged

{1} What is `sys.path[0]` in both runs?

ran:  cd "$(mktemp -d)" && python -B "$PROJECT/bin/report.py" 'north quay' {0}
      echo {0}"""

SMUGGLE = """() => new Promise(done => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", event => {
        refused.push(event.effectiveDirective);
        if (refused.length == 3) done(refused);
    });
    const [script, style, image] = ["script", "style", "img"].map(tag => document.createElement(tag));
    script.textContent = "window.ran = 1";
    style.textContent = "h1 {color: red}";
    image.src = "http://127.0.0.1:9/x";
    document.head.append(script, style, image);
    setTimeout(() => done(refused), 10000);  // where nothing is refused, there is nothing to wait for
})"""
"""What would run, change the looks and tell somebody that the page was opened."""


def check(id_, outcome, message=None):
    """One check's result."""
    points = {"a": 60, "b": 25, "c": 15}[id_]
    steps = (Step("python report.py", "$PROJECT", 1, KEPT, KEPT),)
    return CheckResult(id_, f"It runs `from` {id_}, {IMAGE}", Outcome(outcome), points, message, steps)


def attempt(*checks, diagnosis=None):
    """One grading."""
    score = sum(each.points for each in checks)
    return Attempt("path_appending", 1, "The shelf", 1, Verdict.FAILED, score, 100, "0" * 64, checks, None, diagnosis)


PASSED, LOST = check("a", "passed"), check("b", "failed", MESSAGE.format("x" * 200, SCRIPT))
FREE = check("c", "timeout", f"It did not end.\n    {STYLE}")
ATTEMPTS = {
    "right": attempt(PASSED, check("b", "passed"), check("c", "skipped", "There is no Python 2 here.")),
    "wrong": attempt(PASSED, LOST, check("c", "passed"), diagnosis=Diagnosis("m", f"A path is `relative` {SCRIPT}.")),
    "worse": attempt(PASSED, LOST, FREE),
}
HANDED_IN = (
    *(
        ("ada", "worse", -30),
        ("ada", "wrong", 30),
        ("ada", "worse", 90),
        ("b/../o", "wrong", -1),
        ("Cy@x", "wrong", -1),
    ),
    *(("dee", "worse", 1), ("eli", "right", -1), (IMAGE, "wrong", 24 * 9)),
)


def begin(folder):
    """A course of two exercises, where the first was handed in and graded; gives its ledger."""
    course.create(folder, f"Paths {SCRIPT}")
    settings = folder / course.SETTINGS
    text = settings.read_text().replace("exercises = []", 'exercises = ["01", "02"]')
    text = text.replace("# default = 2027-01-31T23:59:00+01:00", f"default = {DUE.isoformat()}")
    settings.write_text(text.replace("percent_a_day = 0", "percent_a_day = 10").replace("# most_days", "most_days"))
    with (folder / course.ROSTER).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("id", "name"), *NAMES.items()])
    book = ledger.open_(folder / course.LEDGER)
    for student, digest, hours in HANDED_IN:
        book.receive(Received(student, "path_appending", digest, DUE + datetime.timedelta(hours=hours), "by hand"))
    for digest, each in ATTEMPTS.items():
        about = ("path_appending", digest, "c", "0.1", "3.12.1", "bubblewrap", DUE, each.verdict.value)
        book.record(Grading(*about, each.score, 100, json_report.render_attempt(each), 0.5), why="first")
    return book


@pytest.fixture(scope="module")
def written(make_kata, tmp_path_factory):
    """The folder of a course whose pages were written by the command, with a comment to all who failed like one."""
    folder = tmp_path_factory.mktemp("a course") / "desk"
    temporary = folder.parent / "temporary"
    folder.mkdir()
    temporary.mkdir()
    begin(folder).close()
    kata = make_kata(folder, temporary)
    assert kata("class", "dashboard", "dashboard.html").returncode == 0
    lines = re.findall(r"path_appending\.[0-9a-f]{10} = ", (folder / "dashboard.html").read_text())
    (folder / comments.FILE).write_text(
        f'{lines[0]}"Look there, {{SCRIPT}}.\\nAnd here."\n'.replace("{SCRIPT}", SCRIPT)
    )
    for command in (("feedback", "pages"), ("dashboard", "dashboard.html")):
        seen = kata("class", *command)
        assert (seen.returncode, seen.stderr) == (0, "")
    return folder


def all_pages(folder):
    """The dashboard, and the pages of students."""
    return [folder / "dashboard.html", *sorted((folder / "pages").glob("*.html"))]


def page_of(folder, student):
    """A student's page."""
    return folder / "pages" / feedback.file_name(student)


def test_nothing_runs(written, look):
    """Whatever names and outputs hold, a page has no element of theirs, nothing runs and nothing is fetched."""
    page, noticed = look(written / "dashboard.html")
    for path in all_pages(written):
        page.goto(path.as_uri())
        count = (
            "document.querySelectorAll('script, img, iframe, object, embed, link, form, [onerror], [onload]').length"
        )
        assert (page.evaluate(count), noticed) == (0, []), path.name
        assert page.title().startswith(("Feedback for", "Dashboard: "))


def test_names_are_text(written, look):
    """A name is shown as it is, but for characters that turn a line around, which are shown by their codes."""
    page, _ = look(written / "dashboard.html")
    assert SCRIPT in page.inner_text("main")
    assert IMAGE in page.inner_text("main")
    for student, name in NAMES.items():
        page.goto(page_of(written, student).as_uri())
        shown = (name or student).replace("\u202e", r"\u202e")
        assert page.text_content("h1") == f"Feedback for {shown}"


def test_outputs_are_text(written, look):
    """Messages, diagnoses and comments are shown as they are, with what stands between backticks as code."""
    page, _ = look(page_of(written, "b/../o"))
    said = page.inner_text("main")
    assert f"{SCRIPT} What is sys.path[0] in both runs?" in said
    assert f"Look there, {SCRIPT}.\nAnd here." in said
    assert f"A path is relative {SCRIPT}." in said
    assert [each for each in page.locator("pre").all_inner_texts() if "forged" in each] == ["ran: forged"]
    assert "sys.path[0]" in page.locator("p code").all_inner_texts()
    page, _ = look(page_of(written, "dee"))
    assert f"It did not end.\n    {STYLE}" in page.locator("pre").all_inner_texts()


def test_policy_is_in_force(written, look):
    """Were anything let through, the browser would still not run it, nor fetch anything; our style is applied."""
    for path in (written / "dashboard.html", page_of(written, "ada")):
        page, _ = look(path)
        refused = page.evaluate(SMUGGLE)
        assert sorted(refused) == ["img-src", "script-src-elem", "style-src-elem"]
        assert page.evaluate("window.ran") is None
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 360])
def test_accessible(written, look, scheme, width):
    """Axe finds nothing wrong with contrast, headings, landmarks, tables or focus, light and dark, wide and narrow."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe is not installed: pip install axe-playwright-python")
    axe = (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    for path in (written / "dashboard.html", page_of(written, "ada")):
        page, _ = look(path, color_scheme=scheme, viewport={"width": width, "height": 800})
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        page.evaluate(f"{axe};0")
        seen = page.evaluate("axe.run()")
        wrong = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in seen["violations"]]
        assert wrong == [], path.name
        passed = {rule["id"] for rule in seen["passes"]}
        assert {"color-contrast", "heading-order", "region", "landmark-one-main", "bypass"} <= passed
        if width == 360:
            assert "scrollable-region-focusable" in passed
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page itself scrolls sideways"


def test_dark(written, look):
    """Where people want it dark, it is."""
    page, _ = look(page_of(written, "ada"), color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert all(int(part) < 64 for part in re.findall(r"\d+", ground))


def test_printed(written, look):
    """On paper nothing is cut off: long lines of code wrap."""
    page, _ = look(page_of(written, "ada"), viewport={"width": 700, "height": 900})
    too_wide = "[...document.querySelectorAll('pre, .scroll')].filter(each => each.scrollWidth > each.clientWidth + 1)"
    assert page.evaluate(f"{too_wide}.length") > 0
    page.emulate_media(media="print")
    assert page.evaluate(f"{too_wide}.length") == 0
    assert page.pdf().startswith(b"%PDF")


def test_policy_of_the_course(written, look):
    """The page says which attempt counts, what lateness took off, and which checks were lost."""
    page, _ = look(page_of(written, "ada"))
    said = page.inner_text("main")
    assert "Of 3 attempts one counts: the best, after lateness, of equals the earliest." in said
    rows = page.locator("table:has(caption:text-is('Attempts')) tbody tr").all_inner_texts()
    assert [row.split("\t")[1:] for row in rows] == [
        ["0", "60", "60", "this one"],
        ["2", "75", "60", "no"],
        ["4", "60", "36", "no"],
    ]
    page, _ = look(page_of(written, "dee"))
    says = "by 1 day begun after it was due; 10 % for each take 10 % off the points: of the 60 that it earned 54 count."
    assert says in page.inner_text("main")
    page, _ = look(page_of(written, IMAGE))
    assert "by 9 days begun after it was due; after 7 nothing counts." in page.inner_text("main")
    assert "Total: 0 of 100" in page.inner_text("header")


def test_every_plot_has_a_text(written, look):
    """A plot is a picture with a label that says all its numbers, and is there without a script."""
    page, _ = look(written / "dashboard.html")
    labels = page.eval_on_selector_all(
        ".plot", "found => found.map(each => [each.getAttribute('role'), each.ariaLabel])"
    )
    assert [role for role, _ in labels] == ["img"] * 3
    assert labels[1][1] == "How many people earned how many points: 60–70: 2, 70–80: 3, 80–90: 1"
    assert page.locator(".plot svg path").count() > 10
    assert page.eval_on_selector_all(".plot svg [role], .plot svg script", "found => found.length") == 0


def test_kept(written):
    """What a check keeps to itself is on no page: its message has no `expected`, and outputs beside it stay out."""
    for path in all_pages(written):
        text = path.read_text(encoding="utf-8")
        assert KEPT not in text
        assert "<dt>expected</dt>" not in text


def test_index(written):
    """A list says whose page is which, and no spreadsheet takes an id for a formula."""
    with (written / "pages" / feedback.INDEX).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    assert rows == [["id", "file"], *([student, feedback.file_name(student)] for student in NAMES)]
    assert all((written / "pages" / name).is_file() for _, name in rows[1:])


def test_same_bytes(kata):
    """A second run changes no file, and into another folder it writes the same bytes: no page says when it was made."""
    begin(kata.cwd).close()
    assert kata("class", "feedback", "one").stdout == "7 pages in one; 8 of 8 files there are new or changed.\n"
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (kata.cwd / "one").iterdir()}
    assert kata("class", "feedback", "one").stdout == "7 pages in one; 0 of 8 files there are new or changed.\n"
    assert before == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (kata.cwd / "one").iterdir()}
    assert kata("class", "feedback", "two words").returncode == 0
    assert {name: content for name, (content, _) in before.items()} == {
        path.name: path.read_bytes() for path in (kata.cwd / "two words").iterdir()
    }


def test_ungraded(kata):
    """What is ungraded is named, and its page says so; with --only-complete nothing goes out, and nothing is noted."""
    book = begin(kata.cwd)
    book.receive(Received("gone", "path_appending", "new", DUE, "by hand"))
    (kata.cwd / comments.FILE).write_text("path_appending.0123456789 = 'So.'\n")
    seen = kata("class", "feedback", "pages", "--only-complete")
    assert (seen.returncode, (kata.cwd / "pages").exists()) == (2, False)
    assert "Ungraded: path_appending of gone" in seen.stderr
    assert book.comments() == {}
    book.close()
    seen = kata("class", "feedback", "pages")
    assert seen.returncode == 3
    assert "ungraded, and left out: path_appending of gone" in seen.stderr
    assert "not graded yet. That is no fault of yours" in (kata.cwd / "pages" / "gone.html").read_text()
    assert kata("class", "dashboard", "dashboard.html").returncode == 0
    assert "<strong>1 ungraded:</strong>" in (kata.cwd / "dashboard.html").read_text()


def test_unwritable(kata):
    """Where pages can't be written, a sentence says so, with status 2; a link there is replaced, and not followed."""
    begin(kata.cwd).close()
    (kata.cwd / "file").write_text("mine")
    for command in (("feedback", "file"), ("feedback", "file/pages"), ("dashboard", "nowhere/dashboard.html")):
        seen = kata("class", *command)
        assert (seen.returncode, seen.stdout) == (2, "")
        assert "nothing" not in seen.stderr
    (kata.cwd / "pages").mkdir()
    (kata.cwd / "pages" / "ada.html").symlink_to(kata.cwd / "file")
    assert kata("class", "feedback", "pages").returncode == 0
    assert (kata.cwd / "file").read_text() == "mine"
    assert (kata.cwd / "pages" / "ada.html").read_text().startswith("<!DOCTYPE html>")


def test_file_names():
    """Each student has a file of their own, in the folder, on any system; a plain id is its name."""
    ids = [
        "ada",
        "s-001",
        "Ada",
        "ADA",
        "../x",
        "..",
        ".",
        "a/b",
        "a\\b",
        "con",
        "Con",
        "nul",
        "a b",
        "ä",
        "",
        "x" * 300,
        IMAGE,
        BIDI,
    ]
    names = [feedback.file_name(each) for each in ids]
    assert names[:2] == ["ada.html", "s-001.html"]
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}(\.[0-9a-f]{12})?\.html", name) for name in names)
    assert not any(re.fullmatch(r"(con|nul)\..*", name) for name in names if name.count(".") == 1)


def test_messages_apart():
    """What a program printed can't pass for a row of the message; a message of another form is left whole."""
    rows, why = parts("got:  ran: y\n      stderr: z\n\nWhy?\n\nran:  python x\n      echo")
    assert rows == (Row("got", "ran: y\nstderr: z"), Row("ran", "python x\necho"))
    assert why == "Why?"
    before, why = parts("ran:  python x\n      echo\ncame: ran: y\n      stderr: z\n\nWhy?")
    assert (before, why) == (rows[::-1], "Why?")
    for free in ("It needs more.", "got: x\nand more\n\nWhy?", "got: x\n\nWhy?\n\nran: x\ny", ""):
        assert parts(free) == ((), free)


def test_missing_package(monkeypatch):
    """Without what makes pages, a sentence says how to get it."""
    for package in ("jinja2", "altair"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, package, None)
            pages._environment.cache_clear()
            with pytest.raises(UsageError, match=rf'{package}.*pip install "import-kata\[classroom\]"'):
                pages.render("feedback") if package == "jinja2" else Plots()
    pages._environment.cache_clear()
