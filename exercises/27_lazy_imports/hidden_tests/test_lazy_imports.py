"""Checks of 27 lazy_imports."""

from dataclasses import dataclass
from typing import Any

from grader.checks import Project, check, expect, observation, skip

ALL = ("-X", "lazy_imports=all")
"""Older Pythons take this option, too, and do nothing about it."""
ALMANAC, CHARTS = "nightdesk/almanac.py", "nightdesk/charts.py"
HARBOUR = "Port Merrow"

# Runs no code of the learner's: the project is not on sys.path, and -I keeps the working directory away from it.
FILES = """
import ast, pathlib
def troubles(path):
    try:
        nodes = [*ast.walk(ast.parse(path.read_bytes(), feature_version=(3, 10)))]
    except (SyntaxError, ValueError) as error:
        return [f"line {getattr(error, 'lineno', '?')}: {type(error).__name__}"]
    return [f"line {node.lineno}: lazy" for node in nodes if getattr(node, "is_lazy", 0)]
paths = [path for path in sorted(pathlib.Path("nightdesk").rglob("*.py")) if path.is_file()]
see({path.as_posix(): troubles(path) for path in paths})
"""

WATCH = """
import sys
ran = []
sys.addaudithook(lambda event, of: ran.append(of[0].co_filename) if event == "exec" else None)
"""

# Before 3.15 it notes of each run of a file whether an import that a newer Python would let wait is under way.
WATCH_WAITING = """
import builtins, sys
ran, waiting, import_now = [], [], builtins.__import__
def asked_for(name, space, level):
    package = space.get("__package__") or ""
    above = package.rsplit(".", level - 1)[0] if level else ""
    return f"{above}.{name}".strip(".")
def may_wait(name, space, level):
    try:
        return asked_for(name, space, level) in space["__lazy_modules__"]
    except Exception:
        return False
def noted(name, globals=None, locals=None, fromlist=(), level=0):
    waiting.append(globals is not None and globals is locals and may_wait(name, globals, level))
    try:
        return import_now(name, globals, locals, fromlist, level)
    finally:
        waiting.pop()
if sys.version_info < (3, 15):
    builtins.__import__ = noted
def note(event, of):
    if event == "exec" and not any(waiting):
        ran.append(of[0].co_filename)
sys.addaudithook(note)
"""

TIDE_ALONE = f"""
{WATCH_WAITING.strip()}
from nightdesk import desk
desk.signal_names()
before = list(ran)
answer = str(desk.tide(day))
seen = {{"before": before, "ran": list(ran), "answer": answer}}
see(seen)
"""

CHART_ALONE = f"""
{WATCH_WAITING.strip()}
from nightdesk import desk
desk.signal_names()
before = list(ran)
answer = desk.chart(place)
seen = {{"before": before, "ran": list(ran), "answer": answer}}
see(seen)
"""

# The filter is asked about each import that would wait; the standard library has some of these.
AT_ONCE = """
import sys
asked = []
def at_once(importer, name, names):
    frame = sys._getframe(1)
    if name not in (frame.f_globals.get("__lazy_modules__") or ()):
        asked.append([frame.f_code.co_filename, frame.f_lineno, name])
    return False
if hasattr(sys, "set_lazy_imports_filter"):
    sys.set_lazy_imports_filter(at_once)
"""

ANSWERS = """
from nightdesk import desk
tide = desk.tide(day)
text = str(tide)
chart = desk.chart(place)
names = sorted(desk.signal_names())
from nightdesk import almanac
kind = "almanac.Tide" if type(tide) is almanac.Tide else str(type(tide))
seen = {"tide": text, "kind": kind, "chart": chart, "names": names, "unlisted": list(asked)}
see(seen)
"""

DESK_FIRST = f"{AT_ONCE.strip()}\n{ANSWERS.strip()}"
ALMANAC_FIRST = f"{AT_ONCE.strip()}\nimport nightdesk.almanac\n{ANSWERS.strip()}"
CHARTS_FIRST = f"{AT_ONCE.strip()}\nimport nightdesk.charts\n{ANSWERS.strip()}"

# The same for probes that look at something else.
NONE_WAITS = """
import sys
if hasattr(sys, "set_lazy_imports_filter"):
    sys.set_lazy_imports_filter(lambda importer, name, names: False)
"""

# An import in a function never waits.
LOAD = """
def load():
    from nightdesk import desk
    return desk
"""

SIGNALS = f"""
{LOAD.strip()}
desk = load()
names = sorted(desk.signal_names())
from nightdesk import signals
signals.hoist(late, "a flare")
later = sorted(desk.signal_names())
see([names, later])
"""

SETTING_WRONG = f"""
import sys
{LOAD.strip()}
def trouble(ask):
    try:
        ask()
    except Exception as error:
        return [isinstance(error, ValueError), f"{{type(error).__name__}}: {{error}}"]
    return [False, "no exception"]
mode_now = getattr(sys, "get_lazy_imports", str)
modes = [mode_now()]
found = trouble(load)
modes.append(mode_now())
see([*found, modes])
"""

SETTING_RIGHT = f"""
{LOAD.strip()}
desk = load()
from nightdesk import settings
see([callable(desk.tide), settings.DATUM])
"""

STAND_IN = f"""
{WATCH.strip()}
from types import SimpleNamespace
from nightdesk import desk
before = list(ran)
desk.charts = SimpleNamespace(draw=lambda asked: f"{{sketch}} of {{asked}}")
chart = desk.chart(place)
desk.charts = SimpleNamespace(draw=lambda asked: f"{{other}} of {{asked}}")
again = desk.chart(place)
seen = {{"chart": chart, "again": again, "before": before, "ran": list(ran)}}
see(seen)
"""

MODULE = f"""
{NONE_WAITS.strip()}
from nightdesk import charts
from nightdesk import desk
see([desk.charts is charts, sys.modules.get("nightdesk.charts") is charts, desk.charts.draw(place)])
"""

ENTRY = f"""
{NONE_WAITS.strip()}
import typing
from nightdesk import desk
from nightdesk import almanac
tide, other = almanac.high_water(day), almanac.high_water(day)
entry = desk.Entry(place, tide)
fields = [entry.place, entry.tide is tide]
equal = [entry == desk.Entry(place, tide), entry == desk.Entry(day, tide), entry == desk.Entry(place, other)]
hints = typing.get_type_hints(desk.Entry)
kinds = [hints.get("place") is str, hints.get("tide") is almanac.Tide]
seen = {{"fields": fields, "equal": equal, "kinds": kinds, "shown": repr(hints)}}
see(seen)
"""

HORN = f"""
{WATCH.strip()}
from nightdesk import desk
before = list(ran)
sound = desk.horn()
seen = {{"sound": sound, "before": before, "ran": list(ran)}}
see(seen)
"""

NO_HORN = """
import sys
from nightdesk import desk
none = desk.horn()
sys.path.append(attic)
see([none, desk.horn()])
"""

SETTINGS_OF_PYTHON = f"""
{WATCH.strip()}
{LOAD.strip()}
mode_now, filter_now = sys.get_lazy_imports, sys.get_lazy_imports_filter
def own(importer, name, names):
    return True
if filtered:
    sys.set_lazy_imports_filter(own)
modes, filters = [mode_now()], [filter_now()]
desk = load()
modes.append(mode_now())
filters.append(filter_now())
seen = {{"desk": callable(desk.tide), "modes": modes, "same": filters[0] is filters[1], "ran": list(ran)}}
see(seen)
"""


@dataclass(frozen=True)
class Night:
    """Data of this submission, and a copy of the project that has them."""

    day: str
    place: str
    tide: str
    """What `str(desk.tide(day))` is there."""
    chart: str
    names: list[str]
    """Of all signals, sorted."""
    copy: Project

    @property
    def asked(self):
        """What a probe is given."""
        return {"day": self.day, "place": self.place}


@dataclass
class Alone:
    """What TIDE_ALONE and CHART_ALONE report."""

    before: list[str]
    ran: list[str]
    answer: Any


@dataclass
class Answers:
    """What ANSWERS reports."""

    tide: Any
    kind: str
    """What the tide is."""
    chart: Any
    names: list[str]
    unlisted: list[tuple[str, Any, Any]]


@dataclass
class Drawn:
    """What STAND_IN reports."""

    chart: Any
    again: Any
    before: list[str]
    ran: list[str]


@dataclass
class Entry:
    """What ENTRY reports."""

    fields: list[Any]
    equal: list[Any]
    kinds: list[bool]
    shown: str


@dataclass
class Sounded:
    """What HORN reports."""

    sound: Any
    before: list[str]
    ran: list[str]


@dataclass
class Kept:
    """What SETTINGS_OF_PYTHON reports."""

    desk: bool
    modes: list[Any]
    same: bool
    """Whether the filter is the one that there was."""
    ran: list[str]


@observation
def night(project):
    """A copy of the project with another tide, another scale and one more fog signal."""
    random = project.varied("night")
    day, height, scale = f"0{random.randrange(4, 10)}", random.randrange(200, 990) / 100, random.randrange(21000, 90000)
    signal, place = random.name(random.choice(["Bank", "Haze", "Smog"])), random.choice(["Gannet Rock", "Long Strand"])
    heights, fog = f'HEIGHTS = {{"{day}": {height}}}', f'hoist("{signal}", "a bell")'
    edits = {
        ALMANAC: ('HEIGHTS = {"1": 4.1, "2": 4.4, "3": 4.6}', heights),
        CHARTS: ("SCALE = 20000", f"SCALE = {scale}"),
        "nightdesk/fog.py": ('hoist("mist", "one short blast every two minutes")', fog),
    }
    note = f"almanac.py says {heights},\ncharts.py SCALE = {scale},\nand fog.py {fog} in place of mist"
    return Night(
        day,
        place,
        f"{HARBOUR}, day {day}: {height:.1f} m",
        f"chart of {place}, 1 : {scale}",
        sorted(["fog", "gale", "storm", signal]),
        project.copy("night", note=note, edits=edits),
    )


@observation
def files(project):
    return project.probe(FILES, cwd=project.path, options=["-I"])


@observation
def tide_asked(night):
    return night.copy.python("-m", "nightdesk", "tide", night.day, cwd=night.copy.path)


@observation
def chart_asked(night):
    return night.copy.python("-m", "nightdesk", "chart", night.place, cwd=night.copy.path)


@observation
def signals_asked(night):
    return night.copy.python("-m", "nightdesk", "signals", cwd=night.copy.path)


@observation
def desk_first(night):
    return night.copy.on_path().probe(DESK_FIRST, given=night.asked)


@observation
def almanac_first(night):
    return night.copy.on_path().probe(ALMANAC_FIRST, given=night.asked)


@observation
def charts_first(night):
    return night.copy.on_path().probe(CHARTS_FIRST, given=night.asked)


@observation
def tide_alone(night):
    return night.copy.on_path().probe(TIDE_ALONE, given={"day": night.day})


@observation
def chart_alone(night):
    return night.copy.on_path().probe(CHART_ALONE, given={"place": night.place})


@observation
def late(project):
    """A signal that somebody makes known later."""
    return project.varied("late").name("flare")


@observation
def signals_known(night, late):
    return night.copy.on_path().probe(SIGNALS, given={"late": late})


@observation
def signals_all_waiting(night, late):
    return night.copy.on_path().probe(SIGNALS, given={"late": late}, options=ALL)


@observation
def datum(project):
    """A setting that is no number, what settings.py says of it in that copy, one that is a number, and the copy."""
    random = project.varied("datum")
    wrong, words = random.name("low"), random.name("no number, rule", " ")
    edits = {"nightdesk/settings.py": ("MERROW_DATUM is no number", f"MERROW_DATUM is {words}")}
    note = f'settings.py says "MERROW_DATUM is {words}"'
    said = f"MERROW_DATUM is {words}: {wrong!r}"
    return wrong, said, random.randrange(1, 99) / 64, project.copy("other rule", note=note, edits=edits)


@observation
def setting_wrong(datum):
    wrong, _, _, copy = datum
    return copy.on_path().probe(SETTING_WRONG, env={"MERROW_DATUM": wrong})


@observation
def setting_wrong_all_waiting(datum):
    wrong, _, _, copy = datum
    return copy.on_path().probe(SETTING_WRONG, env={"MERROW_DATUM": wrong}, options=ALL)


@observation
def setting_right(datum):
    _, _, right, copy = datum
    return copy.on_path().probe(SETTING_RIGHT, env={"MERROW_DATUM": str(right)})


@observation
def sketch(project):
    """What two stand-ins draw."""
    return project.varied("sketch").names("sketch", "outline")


@observation
def stand_in(night, sketch):
    return night.copy.on_path().probe(STAND_IN, given={"place": night.place, "sketch": sketch[0], "other": sketch[1]})


@observation
def module(night):
    return night.copy.on_path().probe(MODULE, given={"place": night.place})


@observation
def entry(night):
    return night.copy.on_path().probe(ENTRY, given=night.asked)


@observation
def horn_installed(project):
    """What the horn sounds like, and a copy that has one."""
    sound = project.varied("horn").name("toot")
    lines = f'def sound(): return "{sound}"\n'
    copy = project.copy("horn", note=f"merrow_horn.py: {lines.strip()}", files={"merrow_horn.py": lines})
    later = project.copy("attic", note=f"attic/merrow_horn.py: {lines.strip()}", files={"attic/merrow_horn.py": lines})
    return sound, copy, later


@observation
def horn(horn_installed):
    return horn_installed[1].on_path().probe(HORN)


@observation
def no_horn(horn_installed):
    """There is none, and then there is one."""
    later = horn_installed[2]
    return later.on_path().probe(NO_HORN, given={"attic": str(later / "attic")})


@observation
def python_that_waits(project):
    """The project, where import statements can wait."""
    if project.virtualenv.interpreter.minor < (3, 15):
        skip("What waits could not be seen on this Python; try --python 3.15.")
    return project


@observation
def kept(python_that_waits):
    return python_that_waits.on_path().probe(SETTINGS_OF_PYTHON, given={"filtered": True})


@observation
def kept_all_waiting(python_that_waits):
    return python_that_waits.on_path().probe(SETTINGS_OF_PYTHON, given={"filtered": False}, options=ALL)


@check(points=10, clause=1)
def test_commands(night, tide_asked, chart_asked, signals_asked):
    """The three commands answer."""
    why = "The command line has a question. Which function answers it, and where does it get the answer from?"
    expect(tide_asked, why).status(0).stdout(night.tide)
    expect(chart_asked, why).status(0).stdout(night.chart)
    expect(signals_asked, why).status(0).stdout(*night.names)


@check(points=25, clause=2)
def test_one_text(night, files, desk_first, almanac_first, charts_first):
    """The same source works on every Python, also where no import can wait."""
    why = (
        "This must run on Python 3.10, too. Which Pythons know the word lazy, and what do the others do with that line?"
    )
    looked = expect(files, why)
    found = [f"{name}, {each}" for name, all_ in looked.reported(dict[str, list[str]]).items() for each in all_]
    looked.none("Python without lazy in each file", found, between="\n")
    why = (
        "Here each import runs at once. Which module asks for a name of another one, and does that name exist at "
        "that moment?"
    )
    for program in (desk_first, almanac_first, charts_first):
        looked = expect(program, why)
        seen = looked.reported(Answers)
        unlisted = [
            f"{night.copy.inner(file) or file}, line {line}, asks for {name}"
            for file, line, name in seen.unlisted
            if night.copy.inner(file) or file.startswith("<")
        ]
        looked.none("only imports wait whose name is in __lazy_modules__", unlisted, between="\n")
        looked.equal("str(desk.tide(day))", night.tide, seen.tide)
        looked.that("desk.tide(day) is an almanac.Tide", seen.kind == "almanac.Tide", seen.kind)
        looked.equal("desk.chart(place)", night.chart, seen.chart)
        looked.that("gale and storm in desk.signal_names()", {"gale", "storm"} <= {*seen.names}, seen.names)


@check(points=20, clause=3)
def test_waits(night, tide_alone, chart_alone):
    """The almanac and the charts are run when they are needed, and not before."""
    why = (
        "An import asks for one name. Which name does this statement ask for, and is this name in the list before "
        "the statement runs?"
    )
    for program, wanted, needed, other in (
        (tide_alone, night.tide, ALMANAC, CHARTS),
        (chart_alone, night.chart, CHARTS, ALMANAC),
    ):
        looked = expect(program, why)
        seen = looked.reported(Alone)
        short = needed.rpartition("/")[2]
        early = [file for file in map(night.copy.inner, seen.before) if file in (needed, other)]
        looked.none("the import and signal_names() run neither heavy file, unless it may wait", early, "run: ")
        looked.equal("the answer", wanted, seen.answer)
        late = [file for file in map(night.copy.inner, seen.ran) if file == other]
        looked.none(f"of the heavy files only {short} is run for it", late, "run as well: ")


@check(points=10, clause=4)
def test_signals(night, late, signals_known, signals_all_waiting):
    """All signals are known after one import, also if the caller lets all imports wait."""
    why = (
        "No line uses a signal file by its name. What makes it run, and can a caller of the desk make that import wait?"
    )
    for program in (signals_known, signals_all_waiting):
        looked = expect(program, why)
        names, later = looked.reported(tuple[Any, Any])
        looked.equal("sorted(desk.signal_names())", night.names, names)
        wanted = sorted([*night.names, late])
        looked.equal(f"sorted(desk.signal_names()), after signals.hoist({late!r}, …)", wanted, later)


@check(points=10, clause=5)
def test_wrong_setting(datum, setting_wrong, setting_wrong_all_waiting, setting_right):
    """A wrong setting is noticed at the import, also if the caller lets all imports wait."""
    why = "The setting is wrong from the start. Which line reads it, and when does that line run?"
    _, said, right, _ = datum
    for program in (setting_wrong, setting_wrong_all_waiting):
        looked = expect(program, why)
        kind, came, _ = looked.reported(tuple[bool, str, Any])
        looked.that(f"a ValueError: {said}", kind and said in came, came)
    expect(setting_right, why).reports("[callable(desk.tide), settings.DATUM]", [True, right])


@check(points=5, clause=6)
def test_stand_in(night, sketch, stand_in, module):
    """A program can assign another object to desk.charts."""
    why = "A program has put an object into the desk's namespace. Where does chart() look for the name, and when?"
    looked = expect(stand_in, why)
    seen = looked.reported(Drawn)
    for wanted, came in zip(sketch, (seen.chart, seen.again), strict=True):
        looked.equal("desk.chart(place)", f"{wanted} of {night.place}", came)
    during = [file for file in map(night.copy.inner, seen.ran[len(seen.before) :]) if file == CHARTS]
    looked.none("charts.py isn't run for it", during, "run: ")
    what = "[desk.charts is nightdesk.charts, which is the one in sys.modules still, its chart]"
    expect(module, why).reports(what, [True, True, night.chart])


@check(points=5, clause=7)
def test_entry(night, entry):
    """An entry has its two attributes, equals an equal entry, and has the right types."""
    why = "When are two entries equal? And where does get_type_hints look up the names in the annotations?"
    looked = expect(entry, why)
    seen = looked.reported(Entry)
    looked.equal("[entry.place, entry.tide is tide]", [night.place, True], seen.fields)
    looked.equal("[it equals its like, one of another place, one of another tide]", [True, False, False], seen.equal)
    looked.that("hints: place is str, tide is almanac.Tide", seen.kinds == [True, True], seen.shown)


@check(points=10, clause=8)
def test_horn(horn_installed, horn, no_horn):
    """The horn sounds if there is one, and horn() looks for it when it is called."""
    why = (
        "Not every machine has a horn, or has it from the start. When does Python look for it, and what happens if "
        "there is none?"
    )
    sound, copy, _ = horn_installed
    looked = expect(horn, why)
    seen = looked.reported(Sounded)
    early = [file for file in map(copy.inner, seen.before) if file == "merrow_horn.py"]
    looked.none("merrow_horn.py isn't run by the import", early, "run: ")
    looked.equal("desk.horn()", sound, seen.sound)
    expect(no_horn, why).reports("[desk.horn(), desk.horn() when there is one]", [None, sound])


@check(points=5, clause=9)
def test_leaves_python_alone(python_that_waits, kept, kept_all_waiting, setting_wrong_all_waiting):
    """Importing the desk doesn't change the mode or the filter of lazy imports, and runs no heavy file."""
    why = (
        "The mode belongs to the whole program. Does the desk change it, and which imports must run at once in each "
        "mode?"
    )
    for program, mode in ((kept, "normal"), (kept_all_waiting, "all")):
        looked = expect(program, why)
        seen = looked.reported(Kept)
        looked.equal("callable(desk.tide)", True, seen.desk)
        looked.equal("[mode before, mode after]", [mode, mode], seen.modes)
        looked.that("the same filter as before", seen.same, "another one")
    early = [file for file in map(python_that_waits.inner, seen.ran) if file in (ALMANAC, CHARTS)]
    looked.none("the import runs neither heavy file", early, "run: ")
    looked = expect(setting_wrong_all_waiting, why)
    *_, modes = looked.reported(tuple[bool, str, Any])
    looked.equal("[mode before, mode after], where the setting is wrong", ["all", "all"], modes)
