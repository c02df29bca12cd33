"""Find the import statements in bytecode."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    OPCODES: "dict[str, int]" = {}

_CONTINUES = (OPCODES["POP_TOP"], OPCODES.get("SWAP"), OPCODES.get("ROT_TWO"))
_FLAG_BITS = 2 if sys.version_info >= (3, 15) else 0
"""How many bits of an instruction's argument are no part of the name's index."""
_STAR = (OPCODES.get("IMPORT_STAR"), OPCODES.get("CALL_INTRINSIC_1"))


class Statement:
    """One import statement: from which instruction to which, and what it says.

    Args:
        start: the offset at which it begins.
        name: what stands after `import` or `from`.
        level: how many dots stand before that.
        names: what is taken from it.
        flags: 1 if `lazy` stands there, 2 if it stands where no import waits; see `dis` of Python 3.15.
    """

    def __init__(self, start: int, name: str, level: int, names: "tuple[str, ...]", flags: int) -> None:
        self.start, self.last, self.name, self.level, self.names = start, start, name, level, names
        self.is_lazy, self.never_waits = bool(flags & 1), bool(flags & 2)
        self.bound: list[str] = []


def statements_in(code: "CodeType") -> "dict[int, Statement]":
    """The import statements of a code object, by the offset at which each begins."""
    found: dict[int, Statement] = {}
    if OPCODES["IMPORT_NAME"] not in code.co_code:
        return found
    steps = _instructions(code)
    for index, (start, _, opcode, argument) in enumerate(steps):
        if opcode == OPCODES["IMPORT_NAME"] and index > 1:
            level, names = (_constant(code, *steps[index - back][2:]) for back in (2, 1))
            wanted = tuple([each for each in names if type(each) is str]) if type(names) is tuple else ()
            level = level if type(level) is int else 0
            flags = argument & ((1 << _FLAG_BITS) - 1)
            one = Statement(start, code.co_names[argument >> _FLAG_BITS], level, wanted, flags)
            _find_end(one, code, steps[index:])
            found[start] = one
    return found


def _instructions(code: "CodeType") -> "list[tuple[int, int, int, int]]":
    """Where each instruction begins with its prefixes, where it is itself, its opcode, its argument."""
    raw, found, extended, start = code.co_code, [], 0, 0
    for offset in range(0, len(raw), 2):
        opcode, argument = raw[offset], raw[offset + 1] | extended
        is_prefix = opcode == OPCODES["EXTENDED_ARG"]
        extended = argument << 8 if is_prefix else 0
        if not is_prefix:
            if opcode:  # what is 0 is a cache
                found.append((start, offset, opcode, argument))
            start = offset + 2
    return found


def _constant(code: "CodeType", opcode: int, argument: int) -> object:
    if opcode == OPCODES.get("LOAD_SMALL_INT"):
        return argument
    return code.co_consts[argument] if opcode == OPCODES["LOAD_CONST"] else None


def _find_end(one: Statement, code: "CodeType", steps: "list[tuple[int, int, int, int]]") -> None:
    """See what is done with the module: which names are bound, and where that ends."""
    one.last, taken = steps[0][1], False
    for _, offset, opcode, argument in steps[1:]:
        name = _stored_name(code, opcode, argument)
        goes_on = opcode == OPCODES["IMPORT_FROM"] or opcode in _STAR or (taken and opcode in _CONTINUES)
        if name is None and not goes_on:
            return
        taken, one.last = True, offset
        if opcode in _STAR:
            one.bound.append("*")
        if name is not None:
            one.bound.append(name)
        # import a, import a as b, import a.b as c; the others end when the module is dropped
        if opcode == OPCODES.get("IMPORT_STAR") or (name is not None if not one.names else opcode == _CONTINUES[0]):
            return


def _stored_name(code: "CodeType", opcode: int, argument: int) -> "str | None":
    if opcode in (OPCODES["STORE_NAME"], OPCODES["STORE_GLOBAL"]):
        return code.co_names[argument]
    if opcode == OPCODES.get("STORE_FAST_LOAD_FAST"):
        return code.co_varnames[argument >> 4]
    if opcode == OPCODES["STORE_FAST"]:
        return code.co_varnames[argument]
    if opcode == OPCODES["STORE_DEREF"]:
        before = () if sys.version_info < (3, 11) else code.co_varnames
        return (*before, *[cell for cell in code.co_cellvars if cell not in before], *code.co_freevars)[argument]
    return None
