"""Checks of 17 circular_imports."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from grader.checks import check, expect, observation

WATCH = """
import sys
runs, seen = [], {}
sys.addaudithook(lambda event, of: runs.append(of[0].co_filename) if event == "exec" else None)
def outcome(ask):
    try:
        return ask()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def refusal(ask):
    try:
        return f"an {type(ask()).__name__}"
    except TypeError:
        return "TypeError"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

NOTES = """
class Lookalike:
    ship, nights, invoice = ship, nights, print
    __getattr__ = lambda self, name: print
Lookalike.__name__, Lookalike.__module__ = "Booking", "dock.booking"
import dock.booking, dock.billing
class Charter(Booking):
    pass
stay, charter = Booking(ship, nights), Charter(ship, nights)
seen["stay"] = outcome(lambda: [stay.ship, stay.nights])
seen["from_booking"] = outcome(lambda: [stay.invoice().total(), charter.invoice().total()])
seen["from_billing"] = outcome(lambda: [Invoice(stay).total(), Invoice(charter).total()])
seen["class_of_invoice"] = outcome(lambda: type(stay.invoice()) is Invoice is dock.billing.Invoice)
seen["class_of_early"] = outcome(lambda: [type(each) is dock.billing.Invoice for each in early])
seen["class_of_booking"] = outcome(lambda: type(stay.invoice().booking) is Booking is dock.booking.Booking)
seen["same_booking"] = outcome(lambda: stay.invoice().booking is stay and Invoice(stay).booking is stay)
seen["accepted"] = outcome(lambda: Invoice(stay).booking is stay and Invoice(charter).booking is charter)
seen["lookalike"] = refusal(lambda: Invoice(Lookalike()))
seen["others"] = [refusal(lambda: Invoice(None)), refusal(lambda: Invoice(nights)), refusal(lambda: Invoice(Booking))]
seen["runs"], seen["is_class"] = runs, isinstance(Invoice, type)
see(seen)
"""

BOOKING_FIRST = f"""
{WATCH.strip()}
from dock.booking import Booking
early = []
seen["alone"] = outcome(lambda: [early.append(Booking(ship, nights).invoice()), early[0].total()][1])
from dock.billing import Invoice
seen["refused"] = refusal(lambda: Invoice(ship))
{NOTES.strip()}
"""

BILLING_FIRST = f"""
{WATCH.strip()}
from dock.billing import Invoice
seen["refused"] = refusal(lambda: Invoice(ship))
from dock.booking import Booking
early = []
seen["alone"] = outcome(lambda: Booking(ship, nights).invoice().total())
{NOTES.strip()}
"""

# The two files start together, and then one of them gets a little ahead of the other.
THREADS = """
import sys, threading, time
from importlib.machinery import SourceFileLoader
both, run = threading.Barrier(2), SourceFileLoader.exec_module
def run_slowly(loader, module):
    if module.__name__ in (ahead, behind):
        try:
            both.wait(2)
        except threading.BrokenBarrierError:
            pass
        time.sleep(0.1 if module.__name__ == behind else 0)
    run(loader, module)
SourceFileLoader.exec_module = run_slowly
troubles = {}
def load(name):
    try:
        __import__(name)
    except Exception as error:
        troubles[name] = f"{type(error).__name__}: {error}"
threads = [threading.Thread(target=load, args=[name], daemon=True) for name in (ahead, behind)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(4)
stuck = any(thread.is_alive() for thread in threads)
seen = {"troubles": dict(troubles), "stuck": stuck, "totals": None}
def totals():
    from dock.billing import Invoice
    from dock.booking import Booking
    return [Booking("Alma", nights).invoice().total(), Invoice(Booking("Alma", nights)).total()]
seen["totals"] = None if stuck or troubles else totals()
see(seen)
"""

GIVEN_RATE = 40
"""As the given `dock/tariff.py` has it."""


REPORT = 'STAYS = [Booking("Alma", 3), Booking("Corvina", 12)]'
"""The line of the given `dock/report.py` that says whom it is about."""

BOOKING_IMPORTED = """
from dock.booking import Booking
from dock.billing import Invoice
see([Booking(ship, nights).ship, Booking(ship, nights).nights, isinstance(Invoice, type)])
"""

BILLING_IMPORTED = """
from dock.billing import Invoice
from dock.booking import Booking
see([Booking(ship, nights).ship, Booking(ship, nights).nights, isinstance(Invoice, type)])
"""


@dataclass
class Program:
    """What BOOKING_FIRST and BILLING_FIRST report; in place of what was asked for, there may be what was raised."""

    alone: Any
    refused: Any
    stay: Any
    from_booking: Any
    from_billing: Any
    class_of_invoice: Any
    class_of_early: Any
    is_class: bool
    class_of_booking: Any
    same_booking: Any
    accepted: Any
    lookalike: Any
    others: list[Any]
    runs: list[str]


@dataclass
class Threads:
    """What THREADS reports."""

    troubles: dict[str, str]
    stuck: bool
    totals: Any


@dataclass
class Stay:
    """Who stays for how long, and at what rate: others for each submission."""

    ship: str
    nights: int
    rate: int

    @property
    def total(self):
        """What it costs."""
        return self.nights * self.rate


@observation
def stay(project):
    random = project.varied("stay")
    return Stay(random.choice(["Petrel", "Brill", "Skua"]), random.randrange(2, 30), random.randrange(41, 100))


@observation
def dear_dock(project, stay):
    """A copy where the dock charges more, and the report is about that ship."""
    tariff, stays = f"PER_NIGHT = {stay.rate}", f'STAYS = [Booking("{stay.ship}", {stay.nights}), Booking("Alma", 1)]'
    note = f"dock/tariff.py says {tariff},\nand dock/report.py says {stays}"
    files, edits = {"dock/tariff.py": f"{tariff}\n"}, {"dock/report.py": (REPORT, stays)}
    return project.copy("new year", note=note, files=files, edits=edits)


@observation
def booking_imported(project, stay):
    return project.on_path().probe(BOOKING_IMPORTED, given={"ship": stay.ship, "nights": stay.nights})


@observation
def billing_imported(project, stay):
    return project.on_path().probe(BILLING_IMPORTED, given={"ship": stay.ship, "nights": stay.nights})


@observation
def booking_first(dear_dock, stay):
    return dear_dock.on_path().probe(BOOKING_FIRST, given={"ship": stay.ship, "nights": stay.nights})


@observation
def billing_first(dear_dock, stay):
    return dear_dock.on_path().probe(BILLING_FIRST, given={"ship": stay.ship, "nights": stay.nights})


@observation
def programs(booking_imported, billing_imported, booking_first, billing_first):
    """The programs that get beyond their imports, and one at least. That one doesn't is another check's business."""
    pairs = ((booking_imported, booking_first), (billing_imported, billing_first))
    return [program for imported, program in pairs if imported.status == 0] or [booking_first]


@observation
def booking_ahead(project, stay):
    given = {"ahead": "dock.booking", "behind": "dock.billing", "nights": stay.nights}
    return project.on_path().probe(THREADS, given=given)


@observation
def billing_ahead(project, stay):
    given = {"ahead": "dock.billing", "behind": "dock.booking", "nights": stay.nights}
    return project.on_path().probe(THREADS, given=given)


@observation
def report(dear_dock):
    return dear_dock.python("-m", "dock.report", cwd=dear_dock.path)


@check(points=15, clause=1)
def test_booking_first(stay, booking_imported):
    """A program can import dock.booking first."""
    why = (
        "This program imports dock.booking first. Which line needs a class then, and has the module of that class "
        "defined it yet?"
    )
    wanted = [stay.ship, stay.nights, True]
    expect(booking_imported, why).reports("[ship, nights] of the booking, and whether Invoice is a class", wanted)


@check(points=15, clause=1)
def test_billing_first(stay, billing_imported):
    """A program can import dock.billing first."""
    why = (
        "This program imports dock.billing first. Which line needs a class then, and has the module of that class "
        "defined it yet?"
    )
    wanted = [stay.ship, stay.nights, True]
    expect(billing_imported, why).reports("[ship, nights] of the booking, and whether Invoice is a class", wanted)


@check(points=15, clause=2)
def test_totals(stay, programs):
    """Bookings make invoices, and invoices know what to charge, whichever module came first."""
    why = "Both modules can be imported, but not used. When that line runs, what does each of its names refer to?"
    for looked, seen in reported(programs, why):
        looked.equal("[stay.ship, stay.nights]", [stay.ship, stay.nights], seen.stay)
        looked.equal("Booking(ship, nights).invoice().total()", stay.total, seen.alone)
        looked.equal("what invoice() charges the booking and the charter", [stay.total] * 2, seen.from_booking)
        looked.equal("what Invoice charges the booking and the charter", [stay.total] * 2, seen.from_billing)


@check(points=15, clause=3)
def test_one_class_each(programs):
    """There is one class of each, in the module where it always was."""
    why = (
        "One invoice is made by a booking, one by a program. Which class statement made the class of each, and how "
        "often did it run?"
    )
    for looked, seen in reported(programs, why):
        looked.equal("type(stay.invoice()) is dock.billing.Invoice", True, seen.class_of_invoice)
        early = "an invoice made before the import of dock.billing is a dock.billing.Invoice, too"
        looked.that(early, seen.class_of_early in ([True], []), "an object of another class")
        looked.equal("type(stay.invoice().booking) is dock.booking.Booking", True, seen.class_of_booking)
        looked.equal("stay.invoice().booking is stay", True, seen.same_booking)


@check(points=10, clause=6)
def test_threads(stay, booking_ahead, billing_ahead):
    """Two threads can import the two modules at the same time."""
    why = (
        "Each thread runs one module, and now imports the other. Which names must the other module have for your "
        "import?"
    )
    for program in (booking_ahead, billing_ahead):
        looked = expect(program, why)
        seen = looked.reported(Threads)
        raised = [f"{name}: {error}" for name, error in sorted(seen.troubles.items())]
        looked.none("both threads succeed", raised, between="; ")
        looked.that("both threads come to an end", not seen.stuck, "one waits for ever")
        looked.equal("what both charge afterwards", [stay.nights * GIVEN_RATE] * 2, seen.totals)


@check(points=10, clause=4)
def test_bookings_only(stay, programs):
    """An invoice for anything but a booking is a TypeError."""
    why = "A program asks for an invoice without a booking. Which line tests that, and which class does it need?"
    for looked, seen in reported(programs, why):
        asked = (f"Invoice({stay.ship!r})", "Invoice(None)", f"Invoice({stay.nights})", "Invoice(Booking)")
        for what, came in zip(asked, (seen.refused, *seen.others), strict=False):
            looked.equal(f"what comes of {what}", "TypeError", came)
        looked.equal("the result for an object that only looks like a booking", "TypeError", seen.lookalike)
        looked.equal("whether bookings and charters get an invoice", True, seen.accepted)


@check(points=10, clause=5)
def test_run_once(dear_dock, programs):
    """Each file of the package runs once in a program."""
    why = "Python loads a module once, and later imports give the same module. What made Python load it again?"
    for looked, seen in reported(programs, why):
        times = Counter(filter(None, map(dear_dock.inner, seen.runs)))
        parts = {file.removesuffix(".py").split("/")[1] for file in times if "/" in file}
        looked.that("Invoice is a class", seen.is_class, "something else")
        looked.that("both modules were run", {"booking", "billing"} <= parts, f"run: {sorted(times)}")
        again = [f"{file}, run {count} times" for file, count in sorted(times.items()) if count > 1]
        looked.none("each file run once", again, between="\n")


@check(points=10, clause=7)
def test_report(stay, report):
    """The weekly report runs."""
    why = "The report uses both classes as soon as it has imported them. What does each name refer to at that moment?"
    wanted = [f"{stay.ship}: {stay.total}", f"Alma: {stay.rate}", f"one night: {stay.rate}"]
    expect(report, why).status(0).stdout(*wanted)


def reported(programs, why):
    """What the programs report."""
    for program in programs:
        looked = expect(program, why)
        yield looked, looked.reported(Program)
