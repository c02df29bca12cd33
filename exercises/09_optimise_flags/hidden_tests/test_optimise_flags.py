"""Checks of 09 optimise_flags."""

import json

from grader.checks import check, expect, observation

USAGE = "usage: tariff.py quote --length METRES --nights NIGHTS"

BY_DAY = "The price comes from the rates in rates.py. Which of them are in this total, and how often?"

AUDIT = """
import tariff
def outcome(table):
    try:
        tariff.audit(table)
    except AssertionError:
        return "AssertionError"
    except BaseException as error:
        return repr(error)
said = [outcome(negative)]
said += [outcome(good)]
said += [outcome(late)]
see(said)
"""


def ask(project, *words, mode=(), env=None):
    """Run the program in one of its modes."""
    return project.python(*mode, "tariff.py", *words, cwd=project.path, env=env)


def quote(project, length, nights, **how):
    """Ask for a price."""
    return ask(project, "quote", "--length", length, "--nights", nights, **how)


@observation
def figures(project):
    """The price of a metre in thousandths, LONG_FROM, and two stays that are rounded up to whole hundredths.

    One stay is of the longest vessel that isn't a long one yet, which is also of less than a metre, for a single night;
    the other is of a long one.
    """
    numbers = project.varied("rates")
    while True:
        metre, longest = numbers.randrange(1500, 9000), numbers.choice([0.25, 0.5, 0.75])
        stays = (longest, 1), (longest + numbers.randrange(1, 40) / 4, numbers.randrange(2, 9))
        if all(6 <= length * nights * metre % 10 <= 9 for length, nights in stays):
            return metre, longest, stays


@observation
def spring(project, figures):
    """A copy with the rates of another spring, and the totals of stays in it."""
    metre, longest, _ = figures
    numbers = project.varied("surcharges")
    base, light, long = metre / 1000, numbers.randrange(3, 40) / 2, numbers.randrange(3, 40) / 2
    rates = f"BASE = {base}\nLIGHT = {light}\nLONG = {long}\nLONG_FROM = {longest}\n"

    def total(length, nights):
        return f"total: {length * nights * base + nights * light + (long if length > longest else 0):.2f}"

    note = f"rates.py is {'; '.join(rates.splitlines())}"
    return project.copy("spring", note=note, files={"rates.py": rates}), total


@observation
def stays(figures):
    """The two stays: lengths and nights."""
    return figures[2]


@observation
def short_stay(spring, stays):
    """A price for a short vessel, normally."""
    return quote(spring[0], *stays[0])


@observation
def long_stay(spring, stays):
    """A price for a long one, normally."""
    return quote(spring[0], *stays[1])


@observation
def optimised(spring, stays):
    """The same under -O."""
    return quote(spring[0], *stays[1], mode=["-O"])


@observation
def without_docstrings(spring, stays):
    """The same under -OO."""
    return quote(spring[0], *stays[1], mode=["-OO"])


@observation
def no_length(project):
    return quote(project, 0, 3)


@observation
def no_night(project):
    return quote(project, 8, -project.varied("nights").randrange(1, 9))


@observation
def refusals(project):
    """What is refused in other modes; with short words for each mode."""
    length = -project.varied("wrong").randrange(1, 20) / 4
    return [
        ("with -O", quote(project, length, 2, mode=["-O"])),
        ("with -OO", quote(project, 8, 0, mode=["-OO"])),
        ("with PYTHONOPTIMIZE=1", quote(project, 0, 2, env={"PYTHONOPTIMIZE": "1"})),
    ]


@observation
def usage(project):
    return ask(project, "usage")


@observation
def usage_optimised(project):
    return ask(project, "usage", mode=["-O"])


@observation
def usage_without_docstrings(project):
    return ask(project, "usage", mode=["-OO"])


@observation
def selfchecks(project):
    """The three modes, one asked for by the environment, one in spite of it; with what is true in each."""
    return [
        ({"asserts": True, "docstrings": True, "optimize": 0}, ask(project, "selfcheck")),
        (
            {"asserts": False, "docstrings": True, "optimize": 1},
            ask(project, "selfcheck", mode=["-E", "-O"], env={"PYTHONOPTIMIZE": "2"}),
        ),
        (
            {"asserts": False, "docstrings": False, "optimize": 2},
            ask(project, "selfcheck", env={"PYTHONOPTIMIZE": "2"}),
        ),
    ]


@observation
def tables(project):
    """Tables to be audited: the README's, a good one, one whose last rate is negative, but no whole crown."""
    rate = -project.varied("table").randrange(1, 8) / 8
    light = project.varied("good table").randrange(1, 8) / 2
    late = {"base": 2.5, "light": 4, "fog": rate}
    return {"negative": {"base": -1}, "good": {"base": 2.5, "light": light, "fog": 0}, "late": late}


@observation
def audited(project, tables):
    return project.on_path().probe(AUDIT, given=tables)


@observation
def audited_optimised(project, tables):
    return project.on_path().probe(AUDIT, given=tables, options=["-O"])


@observation
def audited_without_docstrings(project, tables):
    return project.on_path().probe(AUDIT, given=tables, options=["-OO"])


def expect_total(seen, why, wanted):
    """The price that it prints."""
    try:
        off = abs(float(seen.stdout.strip().removeprefix("total: ")) - float(wanted.removeprefix("total: ")))
    except ValueError:
        off = 1
    if 0 < off < 0.02:
        why = "All rates are in it, but the last digit is different. What happened to the decimals after it?"
    expect(seen, why).status(0).stdout(wanted)


def expect_refused(seen, why):
    """A message, no price, status 2."""
    looked = expect(seen, why)
    printed = f", and on stdout {seen.stdout.strip()}" if seen.stdout.strip() else ""
    looked.that("exit status 2", seen.status == 2, f"exit status {seen.status}{printed}").complains()
    looked.that("the word error in the message", "error" in seen.stderr.lower(), "a message without that word")
    looked = expect(
        seen, "This is a traceback, which is for programmers. Who made this mistake, and what should that person read?"
    )
    looked.that("a message, no traceback", "Traceback" not in seen.stderr, "a traceback")


@check(points=10, clause=1, alone=False)
def test_quote(spring, stays, short_stay, long_stay):
    """It quotes the price of a stay."""
    for stay, seen in zip(stays, (short_stay, long_stay), strict=True):
        expect_total(seen, BY_DAY, spring[1](*stay))


@check(points=15, clause=1)
def test_quote_optimised(spring, stays, long_stay, optimised):
    """It quotes the same price under -O."""
    why = (
        "The same stay, the same rates, and -O. Which lines of quote does Python leave out now, and which of your "
        "lines need them?"
    )
    if optimised.stdout == long_stay.stdout:
        why = BY_DAY
    expect_total(optimised, why, spring[1](*stays[1]))


@check(points=10, clause=1)
def test_quote_without_docstrings(spring, stays, long_stay, without_docstrings):
    """It quotes the same price under -OO."""
    why = (
        "The same stay, the same rates, and -OO. Which part of the total comes from a line that Python leaves out now?"
    )
    if without_docstrings.stdout == long_stay.stdout:
        why = BY_DAY
    expect_total(without_docstrings, why, spring[1](*stays[1]))


@check(points=10, clause=2)
def test_refusal(long_stay, no_length, no_night):
    """It refuses an impossible stay, with a message and status 2."""
    why = "Such a stay isn't possible. Which line of your program notices it, and what do people and the shell see?"
    expect(long_stay, why).status(0)
    for seen in (no_length, no_night):
        expect_refused(seen, why)


@check(points=20, clause=2)
def test_refusal_optimised(optimised, without_docstrings, refusals):
    """It refuses the same in the other modes."""
    for seen in (optimised, without_docstrings):
        expect(seen, "A possible stay must be quoted in this mode, too. What is missing here?").status(0)
    for mode, seen in refusals:
        expect_refused(seen, f"Started {mode}, does any line still test what the user has typed?")


@check(points=15, clause=3, alone=False)
def test_usage(usage, usage_optimised, usage_without_docstrings, long_stay):
    """It prints its usage, the same in all modes."""
    why = (
        "The text is in your file in every mode. What kind of string is it, and when does Python remove such a string?"
    )
    for seen in (usage, usage_optimised, usage_without_docstrings):
        expect(seen, why).status(0).stdout(USAGE)
        looked = expect(seen, "The line is there. What else is printed, in which mode, and does the clause allow it?")
        looked.that("nothing on stderr", not seen.stderr.strip(), "something on stderr")
    looked = expect(
        long_stay, "This command doesn't ask for the usage. What does the program do with its first argument?"
    )
    looked.that("another answer to quote", long_stay.lines != [USAGE], long_stay.printed)


@check(points=10, clause=4)
def test_selfcheck(selfchecks):
    """Its selfcheck tells the mode in which it runs."""
    why = "How does your program find out the mode: from Python itself, or from options that may have no effect?"
    for true, seen in selfchecks:
        looked = expect(seen, why).status(0)
        right = seen.json == true and all(type(seen.json[name]) is type(value) for name, value in true.items())
        looked.that(f"the JSON object {json.dumps(true)}", right, seen.printed)


@check(points=10, clause=5, alone=False)
def test_audit(audited, audited_optimised, audited_without_docstrings):
    """`audit` finds negative rates in the normal mode, and only there."""
    why = "audit helps developers to find bugs. In which mode does Python execute its assert?"
    for seen, complaint in (
        (audited, "AssertionError"),
        (audited_optimised, None),
        (audited_without_docstrings, None),
    ):
        looked = expect(seen, why)
        raised = looked.reported()
        fit = why
        if raised in ([complaint, None, None], [None, None, complaint]):
            fit = "audit noticed one of two tables with a negative rate. How does it compare each rate?"
        expect(seen, fit).equal("what audit raised for each table", [complaint, None, complaint], raised)
        expect(seen, "audit works, but something was printed. Which of your lines printed it?").silent()
