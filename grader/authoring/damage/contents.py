"""What may have become of a file's content: bytes that are no text, text that is no code, code of another kind."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

Content = Callable[[bytes, random.Random], bytes]
"""Makes another content of one; what is random in it comes from the generator."""

_LONG_LINE = 1 << 20
_DEPTH = 5_000
_MORE_OUTPUT = 2 << 20
_NUMBER = re.compile(rb"(?<![\w.\"'])\d+(?:\.\d+)?(?![\w.\"'])")
_RETURNED = re.compile(rb"^(\s+)return (.+)$", re.MULTILINE)
_DOUBLE_UNDERSCORES = b"__all__ = 7\n__version__ = object()\n__file__ = 3\n__doc__ = []\n"


def _before(line: str) -> Content:
    return lambda content, _: line.encode() + b"\n" + content


def _after(line: bytes) -> Content:
    return lambda content, _: content + b"\n" + line + b"\n"


def _numbers(value: bytes) -> Content:
    return lambda content, _: _NUMBER.sub(lambda _: value, content)


def _returned(value: bytes) -> Content:
    """Other values of functions; IT stands for the value that was returned."""

    def change(content: bytes, _: random.Random) -> bytes:
        return _RETURNED.sub(lambda found: found[1] + b"return " + value.replace(b"IT", found[2]), content)

    return change


def _nested(content: bytes, _: random.Random) -> bytes:
    return content + b"\ndeep = " + b"[" * _DEPTH + b"]" * _DEPTH + b"\n"


def _cut_in_two(content: bytes, _: random.Random) -> bytes:
    return content[: len(content) // 2]


def _null_inside(content: bytes, _: random.Random) -> bytes:
    middle = len(content) // 2
    return content[:middle] + b"\0" + content[middle:]


def _random(content: bytes, numbers: random.Random) -> bytes:
    return numbers.randbytes(len(content) + 40)


def _utf_16(content: bytes, _: random.Random) -> bytes:
    return content.decode("utf-8", "replace").encode("utf-16")


GARBLED: Mapping[str, Content] = {
    "random bytes": _random,
    "null characters only": lambda content, _: bytes(len(content) + 1),
    "a null character in the middle": _null_inside,
    "UTF-16 with a byte order mark": _utf_16,
    "UTF-8 with a byte order mark": lambda content, _: b"\xef\xbb\xbf" + content,
    "Latin-1 bytes at the end": _after(b"# caf\xe9, \xfcber, \xff"),
    "cut off in the middle": _cut_in_two,
    "CRLF line ends": lambda content, _: content.replace(b"\n", b"\r\n"),
    "CR line ends": lambda content, _: content.replace(b"\n", b"\r"),
    "1 MB in one more line": _after(b"long = '" + b"x" * _LONG_LINE + b"'"),
    "brackets, deeply nested": _nested,
    "a character that ends DOS texts": _after(b"\x1a"),
    "an encoding that is none": _before("# coding: no-such-encoding"),
}
"""For every file, whatever it is: what it holds instead, by its description."""

CODE: Mapping[str, Content] = {
    "raise SystemExit at its beginning": _before("raise SystemExit"),
    "SystemExit with an odd status": _before("raise SystemExit([object])"),
    "a KeyboardInterrupt at its beginning": _before("raise KeyboardInterrupt"),
    "an end by signal at its beginning": _before("import os; os.kill(os.getpid(), 9)"),
    "an end without cleaning up": _before("import os; os._exit(0)"),
    "an exception whose text can't be made": _before(
        "class Odd(BaseException):\n    def __str__(self): raise self\nraise Odd"
    ),
    "an endless recursion at its beginning": _before("def again(): again()\nagain()"),
    "its streams closed": _before("import os; os.close(1); os.close(2)"),
    "2 MB printed": _before(f"print('x' * {_MORE_OUTPUT})"),
    "bytes printed that are no text": _before("import sys; sys.stdout.buffer.write(bytes(range(256)))"),
    "a lone surrogate printed": _before("print('\\udc80')"),
    "double underscore names of odd types": _after(_DOUBLE_UNDERSCORES),
    "a __getattr__ that gives anything": _after(b"def __getattr__(name):\n    return [name, float('nan'), 10**400]"),
    "a __path__ that is none": _after(b"__path__ = [7, None, '\\0']"),
    "each number huge": _numbers(b"(10**400)"),
    "each number too long to write": _numbers(b"(10**5000)"),
    "each number not a number": _numbers(b"float('nan')"),
    "each number a text": _numbers(b"'\\ud800\\0'"),
    "each number None": _numbers(b"None"),
    "each return gives None": _returned(b"None"),
    "each return gives a list of it": _returned(b"[[IT]]"),
    "each return gives a dict of it": _returned(b"{'a': {'b': IT}}"),
    "each return gives a number": _returned(b"-7"),
    "each return gives bytes": _returned(b"b'\\xff'"),
    "each return gives a loop": _returned(b"(lambda loop: loop.append(loop) or loop)([])"),
    "each return is yielded": lambda content, _: _RETURNED.sub(rb"\1yield \2", content),
}
"""For Python files: what they do instead, by its description."""
