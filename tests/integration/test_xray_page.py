"""The x-ray as a page, in a real browser: Chromium, driven by playwright, with axe."""

import re

import pytest

HOSTILE = "<img src=x onerror=alert(1)>"
FILES = {
    "harbour/__init__.py": "import json\n\nimport berths\n",
    "harbour/berths.py": "FREE = 3\n",
    "tides.py": "HIGH = 4\n",
    "later/tides.py": "HIGH = 5\n",
    "main.py": f"print({HOSTILE!r})\nimport sys\nsys.path.append('later')\nimport tides\nimport harbour\n",
}


@pytest.fixture(scope="module")
def written(make_kata, tmp_path_factory):
    """The page of a program that fails, and one of a program that doesn't."""
    folder = tmp_path_factory.mktemp("x-ray") / "my desk"
    (folder / "harbour").mkdir(parents=True)
    (folder.parent / "temporary").mkdir()
    (folder / "later").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    kata = make_kata(folder, folder.parent / "temporary")
    for name, words in (("failed.html", ["main.py"]), ("passed.html", ["--", "python", "-c", "import tides"])):
        seen = kata("xray", "--html", name, *words)
        assert (seen.returncode, seen.stdout) == (0, f"Wrote {name}.\n"), seen.stderr
    return folder


def test_stands_alone(written, look):
    """Nothing is fetched, nothing of what the program printed runs, and the cause comes first."""
    page, noticed = look(written / "failed.html")
    assert noticed == []
    assert page.locator("img").count() == 0
    assert HOSTILE in page.inner_text("#stdout + pre")
    assert page.title() == "Imports of main.py"
    assert "harbour/berths.py is in the package harbour" in page.inner_text(".cause strong")
    assert page.locator("h2").first.inner_text() == "What happened"


def test_where_python_looked(written, look):
    """For an import, each place stands with its answer, the one that won is marked, and the others weren't asked."""
    page, _ = look(written / "failed.html")
    page.click("#open")
    rows = page.locator("li.step", has=page.locator("summary", has_text="import tides")).last.locator("tr")
    texts = [re.sub(r"\s+", " ", text) for text in rows.all_inner_texts()]
    assert any(text.startswith("sys.path[0]") and text.endswith("module") for text in texts), texts
    assert any("not asked any more" in text for text in texts)
    assert any(text.startswith("the runner-up later/tides.py has that name") for text in texts), texts
    assert page.locator("tr.won").count() >= 2


def test_modules(written, look):
    """What was in `sys.modules` before stands there, and what came."""
    page, _ = look(written / "passed.html")
    parts = dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))
    before, new = (next(text for name, text in parts.items() if name.startswith(word)) for word in ("before", "new"))
    assert "builtins" in before.split(", ")
    assert "tides" in new.split(", ")


def test_search(written, look):
    """A search shows what it finds with what led there; the standard library's own imports are left out at first."""
    page, _ = look(written / "failed.html")
    whole = page.inner_text("#found")
    page.keyboard.press("/")
    page.keyboard.type("berths")
    assert page.locator("li.step:visible summary").all_inner_texts()[-1].split()[1:3] == ["import", "berths"]
    assert page.inner_text("#found") != whole
    page.keyboard.press("Escape")
    assert page.inner_text("#found") == whole
    page.check("#library")
    assert int(page.inner_text("#found").split()[0]) > int(whole.split()[0])


def test_keyboard(written, look):
    """All of it can be opened and closed without a mouse."""
    page, _ = look(written / "failed.html")
    page.focus("#open")
    page.keyboard.press("Enter")
    assert page.locator("#imports details:not([open])").count() == 0
    page.focus("#close")
    page.keyboard.press("Enter")
    assert page.locator("#imports details[open]").count() == 0
    page.locator("#imports summary:visible").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#imports details[open]").count() == 1


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["failed.html", "passed.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_everybody_can_read_it(written, look, name, scheme, width):
    """Axe finds nothing, in light and dark, on a phone and on a desk; nothing is wider than the screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, _ = look(written / name, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.click("#open")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


def test_printed(written, look):
    """On paper everything is open, and there is nothing to press."""
    page, _ = look(written / "failed.html")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#imports details:not([open])").count() == 0
    assert not page.is_visible(".controls")
