import zipfile
from importlib.metadata import distributions

from installer.sources import WheelFile

from grader.judge.distributions import Distribution
from grader.judge.file_changes import put

LAMPS = Distribution(
    "Merrow.Lamps",
    {"wick.py": "FLAME = 'é'\n", "lantern/__init__.py": "", "../../../bin/light": "#!python\n"},
    version="2.1",
    requires=("oil>=3", 'matches; extra == "dry"'),
    extras=("dry",),
    entry_points="[merrow.lamps]\nwick = wick:FLAME\n",
)


def test_installed(tmp_path):
    """An interpreter finds what is written into site-packages, with its files, requirements and entry points."""
    site_packages = "env/lib/python3.12/site-packages"
    put(tmp_path, LAMPS.installed(site_packages))
    (found,) = distributions(path=[str(tmp_path / site_packages)])
    assert (found.metadata["Name"], found.version) == ("Merrow.Lamps", "2.1")
    assert found.requires == ["oil>=3", 'matches; extra == "dry"']
    assert found.metadata.get_all("Provides-Extra") == ["dry"]
    assert [(each.group, each.name, each.value) for each in found.entry_points] == [
        ("merrow.lamps", "wick", "wick:FLAME")
    ]
    assert found.read_text("top_level.txt") is None
    listed = {str(file): file.locate().resolve() for file in found.files}
    assert set(LAMPS.files) < set(listed)
    assert set(listed.values()) == {path for path in (tmp_path / "env").rglob("*") if path.is_file()}
    assert listed["../../../bin/light"] == tmp_path / "env/bin/light"


def test_no_entry_points():
    """Without entry points there is no file of them, and paths begin in site-packages."""
    names = set(Distribution("buoys", {"buoys.py": ""}).installed())
    assert names == {"buoys.py", *(f"buoys-1.0.dist-info/{name}" for name in ("METADATA", "INSTALLER", "RECORD"))}


def test_wheel(tmp_path):
    """A wheel has all that installers look at, the right hashes in its RECORD, and the same bytes each time."""
    pure = Distribution("Merrow.Lamps", {"wick.py": "FLAME = 'é'\n"}, requires=("oil",))
    wheel = pure.wheel(tmp_path)
    assert wheel.name == "merrow_lamps-1.0-py3-none-any.whl"
    with WheelFile.open(wheel) as source:
        source.validate_record()
        assert "Root-Is-Purelib: true" in source.read_dist_info("WHEEL")
        assert "Requires-Dist: oil\n" in source.read_dist_info("METADATA")
    with zipfile.ZipFile(wheel) as opened:
        assert opened.read("wick.py").decode() == "FLAME = 'é'\n"
    before = wheel.read_bytes()
    assert pure.wheel(tmp_path).read_bytes() == before
